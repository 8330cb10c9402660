// Partitions: which keys there are, how they lie in a grid, and which are missing.

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const MOST = 200_000;

/** Returns the moment of a text; without a zone it is UTC. */
export function utc(text) {
  const full = text.length === 10 ? `${text}T00:00:00Z` : text;
  return Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(full) ? full : `${full}Z`);
}

/** Returns the key of a time: `2013-01-31` or `2013-01-31T05`. */
export function timeKey(kind, at) {
  return new Date(at).toISOString().slice(0, kind === "hourly" ? 13 : 10);
}

/**
 * Returns the keys of partitions in order: those whose time is over, and `open`, the one that is running.
 * Where there are more than 200,000 the newest are returned.
 */
export function keysOf(partitions, now, most = MOST) {
  if (partitions.kind === "static") return { keys: partitions.names, open: null };
  if (partitions.kind === "product") {
    const { first, second } = partsOf(partitions, now);
    return { keys: first.flatMap((one) => second.map((other) => `${one}|${other}`)), open: null };
  }
  const step = partitions.kind === "hourly" ? HOUR : DAY;
  const end = partitions.end === undefined ? now : Math.min(utc(partitions.end), now);
  const whole = (moment) => Math.floor(moment / step) * step;
  const start = Math.max(whole(utc(partitions.start)), whole(end) - most * step);
  const keys = [];
  let at = start;
  for (; at + step <= end; at += step) keys.push(timeKey(partitions.kind, at));
  const runs = partitions.end === undefined || utc(partitions.end) > now;
  return { keys, open: runs && at >= start && at <= now ? timeKey(partitions.kind, at) : null };
}

// The keys of both parts of a product; names are all there, times are the newest that there is room for.
function partsOf({ first, second }, now) {
  const names = (part) => (part.kind === "static" ? part.names.length : Math.floor(Math.sqrt(MOST)));
  const keys = (part, other) => keysOf(part, now, Math.max(1, Math.floor(MOST / Math.max(1, names(other))))).keys;
  return { first: keys(first, second), second: keys(second, first) };
}

/**
 * Returns the grid of partitions: {rows, columns}, where each row is {label, keys}; null stands for no cell.
 * Days lie by month, hours by day, names by tens, and products with the first part as rows.
 */
export function gridOf(partitions, now) {
  const { keys, open } = keysOf(partitions, now);
  const all = open === null ? keys : [...keys, open];
  if (partitions.kind === "daily") return calendar(all, 7, (key) => Number(key.slice(8, 10)) - 1, dayLabels());
  if (partitions.kind === "hourly") return calendar(all, 10, (key) => Number(key.slice(11, 13)), hourLabels());
  if (partitions.kind === "product") return product(partitions, now);
  const width = Math.min(10, Math.max(1, all.length));
  const rows = [];
  for (let at = 0; at < all.length; at += width) rows.push({ label: "", keys: all.slice(at, at + width) });
  return { rows, columns: Array.from({ length: width }, () => "") };
}

function calendar(keys, prefix, place, columns) {
  const rows = [];
  for (const key of keys) {
    const label = key.slice(0, prefix);
    if (rows.length === 0 || rows[rows.length - 1].label !== label) {
      rows.push({ label, keys: Array.from({ length: columns.length }, () => null) });
    }
    rows[rows.length - 1].keys[place(key)] = key;
  }
  return { rows, columns };
}

function product(partitions, now) {
  const { first, second } = partsOf(partitions, now);
  const turned = partitions.first.kind === "static" && partitions.second.kind !== "static";
  const [down, across] = turned ? [second, first] : [first, second];
  const key = turned ? (row, column) => `${column}|${row}` : (row, column) => `${row}|${column}`;
  return { rows: down.map((row) => ({ label: row, keys: across.map((column) => key(row, column)) })), columns: across };
}

function dayLabels() {
  return Array.from({ length: 31 }, (_, place) => String(place + 1));
}

function hourLabels() {
  return Array.from({ length: 24 }, (_, place) => String(place).padStart(2, "0"));
}

/**
 * Returns the state of each partition by key: `published`, `warning`, `failed`, `running` or `missing`.
 * The newest of what is told about a partition counts. The running partition of time is `open` until published.
 */
export function partitionStates(partitions, attempts, running, now) {
  const { keys, open } = keysOf(partitions, now);
  const states = new Map(keys.map((key) => [key, "missing"]));
  if (open !== null) states.set(open, "open");
  const seen = new Set();
  for (const attempt of attempts) {
    if (attempt.partition === null || seen.has(attempt.partition)) continue;
    seen.add(attempt.partition);
    if (states.has(attempt.partition)) states.set(attempt.partition, attempt.outcome);
  }
  for (const key of running) if (states.has(key)) states.set(key, "running");
  return states;
}

/** Returns how many partitions are in each state. */
export function tally(states) {
  const counts = { published: 0, warning: 0, failed: 0, running: 0, missing: 0, open: 0 };
  for (const state of states.values()) counts[state] += 1;
  return counts;
}

/** Returns runs of neighbouring keys that are missing or failed: {first, last, count}. */
export function missingRanges(states) {
  const ranges = [];
  let current = null;
  for (const [key, state] of states) {
    if (state !== "missing" && state !== "failed") {
      current = null;
    } else if (current === null) {
      current = { first: key, last: key, count: 1 };
      ranges.push(current);
    } else {
      current.last = key;
      current.count += 1;
    }
  }
  return ranges;
}

/**
 * Returns the range of keys, as `mwaactl asset backfill` takes it, that holds all of these; what is published in
 * between is left alone. A range of a product goes along both parts.
 */
export function rangeOf(partitions, found, now) {
  const [first, last] = [found[0].first, found[found.length - 1].last];
  if (partitions.kind !== "product") return first === last ? first : `${first}..${last}`;
  const names = keysOf(partitions.second, now).keys;
  return `${first.split("|")[0]}|${names[0]}..${last.split("|")[0]}|${names[names.length - 1]}`;
}
