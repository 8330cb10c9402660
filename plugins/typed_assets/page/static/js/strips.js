// Strips: one small block for each publication or result, the newest at the right.

import { h, showTip, svg } from "./dom.js";
import { moment } from "./format.js";

/** Returns a strip of {outcome, title}, oldest first; `slots` leaves room at the left for what has not been, or is not known where it is not `blank`. */
export function strip(items, { slots = items.length, label, blank = true, width = 9, gap = 2, height = 18 }) {
  const total = slots * (width + gap) - gap;
  const start = (slots - items.length) * (width + gap);
  const blanks = Array.from({ length: slots - items.length }, (_, place) =>
    svg("rect", { class: "block block-none", x: place * (width + gap), y: height / 2 - 1.5, width, height: 3, rx: 1.5 }),
  );
  const blocks = items.map((item, place) => block(item, start + place * (width + gap), width, height));
  const picture = svg(
    "svg",
    { class: "strip", width: total, height, viewBox: `0 0 ${total} ${height}`, role: "img", "aria-label": label },
    blank ? blanks : null,
    blocks,
  );
  picture.addEventListener("pointermove", (event) => {
    const box = picture.getBoundingClientRect();
    const place = Math.floor((((event.clientX - box.left) / box.width) * total - start) / (width + gap));
    if (items[place]) showTip(items[place].title, event.clientX, box.top);
    else showTip(null);
  });
  picture.addEventListener("pointerleave", () => showTip(null));
  return picture;
}

// A failure is as high as it gets, a warning has a notch: colour is not all that tells them apart.
function block(item, x, width, height) {
  const inset = item.outcome === "failed" ? 0 : 2;
  const shapes = [svg("rect", { class: `block block-${item.outcome}`, x, y: inset, width, height: height - 2 * inset, rx: 2 })];
  if (item.outcome === "failed") shapes.push(svg("path", { class: "block-sign", d: cross(x + width / 2, height / 2) }));
  if (item.outcome === "warning") shapes.push(svg("path", { class: "block-sign", d: `M${x + width / 2} 6v4m0 2.4v.2` }));
  return shapes;
}

function cross(x, y) {
  return `M${x - 2} ${y - 2}l4 4m0-4l-4 4`;
}

/** Returns the strip of an asset's latest publications and failures; attempts come newest first, and `whole` tells that there were no others. */
export function attemptStrip(attempts, whole = true, slots = 14) {
  const items = attempts.slice(0, slots).reverse().map((attempt) => ({
    outcome: attempt.outcome,
    title: `${outcomeWord(attempt)}\n${attempt.partition ? `${attempt.partition} · ` : ""}${moment(attempt.at)}`,
  }));
  const failed = items.filter((item) => item.outcome === "failed").length;
  const warned = items.filter((item) => item.outcome === "warning").length;
  const label = items.length === 0 ? (whole ? "No publications yet" : "Publications are not known") : `Last ${items.length}: ${failed} failed, ${warned} with warnings`;
  return strip(items, { slots, label, blank: whole });
}

/** Returns the strip of one check's results, oldest first. */
export function resultStrip(results, slots) {
  const shown = results.slice(-slots);
  const items = shown.map((result) => ({
    outcome: resultOutcome(result),
    title: [
      result.passed ? "Passed" : result.severity === "warn" ? "Warned" : "Failed",
      ...(result.observed ? [`found ${result.observed}`] : []),
      ...(result.expected && !result.passed ? [`expected ${result.expected}`] : []),
      `${result.partition ? `${result.partition} · ` : ""}${moment(result.at)}`,
    ].join("\n"),
  }));
  const passed = items.filter((item) => item.outcome === "published").length;
  return strip(items, { slots, label: `${passed} of the last ${items.length} passed` });
}

/** Returns the outcome of a check's result, as publications have it. */
export function resultOutcome(result) {
  if (result.passed) return "published";
  return result.severity === "warn" ? "warning" : "failed";
}

/** Returns what happened, in a word or two. */
export function outcomeWord(attempt) {
  if (attempt.outcome === "failed") {
    if (attempt.record) return "Refused by a check";
    return attempt.state === "upstream_failed" ? "Not made: an earlier task failed" : "Failed";
  }
  return attempt.outcome === "warning" ? "Published with warnings" : "Published";
}

/** Returns a strip in a box that shows its newest end where there is no room for all. */
export function scrolled(picture) {
  const box = h("div", { class: "strip-box" }, picture);
  requestAnimationFrame(() => (box.scrollLeft = box.scrollWidth));
  return box;
}
