// In which state an asset is: what its reader wants to know first.

export const STATES = ["failed", "late", "warning", "ok", "never", "external", "unknown"];

export const STATE_NAMES = {
  failed: "Failed",
  late: "Late",
  warning: "Warning",
  ok: "Good",
  never: "Never published",
  external: "External",
  unknown: "Not known",
};

/** Returns the freshness of an asset: {kind: none|never|fresh|soon|late, seconds}; seconds until or since it is late. */
export function freshnessOf(asset, publishedAt, now) {
  if (asset.freshness === null) return { kind: "none", seconds: null };
  if (publishedAt === null) return { kind: "never", seconds: null };
  const age = (now - publishedAt) / 1000;
  const left = asset.freshness.within - age;
  if (left < 0) return { kind: "late", seconds: -left };
  const soon = asset.freshness.warn_within !== undefined && age > asset.freshness.warn_within;
  return { kind: soon ? "soon" : "fresh", seconds: left };
}

/** Returns the state of an asset, one of STATES. Attempts come newest first; `told` is false where publications may be missing among them. */
export function stateOf(asset, attempts, now, told = true) {
  const published = attempts.find((attempt) => attempt.kind === "publication");
  const publishedAt = published?.at ?? asset.lastEventAt;
  if (unresolved(attempts, publishedAt).length > 0) return "failed";
  if (publishedAt === null) return !told ? "unknown" : asset.makers.length === 0 ? "external" : "never";
  const freshness = freshnessOf(asset, publishedAt, now).kind;
  if (freshness === "late") return "late";
  return freshness === "soon" || published?.outcome === "warning" ? "warning" : "ok";
}

/** Returns failures that no later publication has put right: of the same partition, where that is known. */
export function unresolved(attempts, publishedAt = null) {
  const newest = new Map();
  let any = publishedAt ?? -Infinity;
  const found = [];
  for (const attempt of attempts) {
    if (attempt.kind === "publication") {
      any = Math.max(any, attempt.at);
      if (!newest.has(attempt.partition)) newest.set(attempt.partition, attempt.at);
    } else if (attempt.at > (attempt.partition === null ? any : newest.get(attempt.partition) ?? -Infinity)) {
      found.push(attempt);
    }
  }
  return found;
}
