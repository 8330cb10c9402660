// Contracts: rules of a column in words, and what changed from one publication to the next.

const LABELS = [
  ["nullable", (column) => (column.nullable ? null : "required")],
  ["unique", (column) => (column.unique ? "unique" : null)],
  ["range", (column) => range(column.minimum, column.maximum)],
  ["allowed", (column) => (column.allowed?.length ? `one of ${column.allowed.join(", ")}` : null)],
  ["pattern", (column) => (column.pattern ? `like ${column.pattern}` : null)],
  ["length", (column) => inCharacters(range(column.min_length, column.max_length))],
  ["bytes", (column) => (column.max_bytes ? `at most ${column.max_bytes} bytes` : null)],
];

/** Returns a range of lengths in words. */
function inCharacters(lengths) {
  return lengths === null ? null : `${lengths} characters`;
}

/** Returns the rules of a column, each as a few words. */
export function columnRules(column) {
  return LABELS.map(([, label]) => label(column)).filter((text) => text !== null);
}

/** Returns a range in words, or null where there is none. */
export function range(minimum, maximum) {
  const least = minimum === undefined || minimum === null ? null : minimum;
  const most = maximum === undefined || maximum === null ? null : maximum;
  if (least !== null && most !== null) return `${least} to ${most}`;
  if (least !== null) return `at least ${least}`;
  return most !== null ? `at most ${most}` : null;
}

/** Returns what differs between two sets of terms, as {term, before, after}; null where a term is not there. */
export function termChanges(before, after) {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names
    .map((term) => ({ term, before: before[term] ?? null, after: after[term] ?? null }))
    .filter((change) => change.before !== change.after);
}

/**
 * Returns the changes of a contract, newest first: {at, run, changes, schema}.
 * `schema` tells that the columns which were found have changed. Publications come newest first.
 */
export function contractHistory(publications) {
  const found = [];
  let previous = null;
  for (const publication of [...publications].reverse()) {
    const record = publication.record;
    if (!record) continue;
    const terms = record.contract ?? null;
    if (previous !== null) {
      const changes = terms && previous.terms ? termChanges(previous.terms, terms) : [];
      const schema = Boolean(record.schema_hash && previous.hash && record.schema_hash !== previous.hash);
      if (changes.length > 0 || schema) {
        found.push({ at: publication.at, run: publication.run, dag: publication.dag, changes, schema });
      }
    }
    previous = { terms: terms ?? previous?.terms ?? null, hash: record.schema_hash ?? previous?.hash ?? null };
  }
  return found.reverse();
}
