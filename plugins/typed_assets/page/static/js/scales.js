// Scales of charts: round numbers for an axis, and how many fit.

/** Returns round values from 0, or from below 0, that cover the greatest; at most `most` of them. */
export function ticks(greatest, most = 4) {
  if (!(greatest > 0)) return [0, 1];
  const rough = greatest / (most - 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((each) => each * power).find((each) => each >= rough - power * 1e-9);
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
