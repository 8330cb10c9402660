// Scales of charts: round numbers for an axis, and how many fit.

/**
 * Returns round values from 0 that cover the greatest; at most `most` of them, each a number of `unit`s. Where
 * `whole`, they are whole numbers of it.
 */
export function ticks(greatest, { most = 4, unit = 1, whole = false } = {}) {
  if (!(greatest > 0)) return [0, unit];
  return steps(greatest / unit, most, whole).map((step) => step * unit);
}

function steps(greatest, most, whole) {
  const rough = whole ? Math.max(1, greatest / (most - 1)) : greatest / (most - 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = (whole && power === 1 ? [1, 2, 5, 10] : [1, 2, 2.5, 5, 10]).map((each) => each * power).find((each) => each >= rough - power * 1e-9);
  const found = [];
  for (let at = 0; found.length === 0 || found[found.length - 1] < greatest - step * 1e-9; at += 1) found.push(at * step);
  return found;
}

/** Returns up to `most` places of `length`, evenly, with the first and the last. */
export function places(length, most) {
  if (length <= most) return Array.from({ length }, (_, place) => place);
  if (most < 2) return [length - 1];
  return [...new Set(Array.from({ length: most }, (_, each) => Math.round((each * (length - 1)) / (most - 1))))];
}
