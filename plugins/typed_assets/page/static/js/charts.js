// A chart of one measured value over the publications: bars for few, a line for many.

import { h, showTip, svg } from "./dom.js";
import { brief, day, moment, plural } from "./format.js";
import { places, ticks } from "./scales.js";

const HEIGHT = 190;
const EDGE = { top: 12, right: 10, bottom: 26, left: 46 };
const MOST_BARS = 60;
const LETTER = 6.6; // of a label below the axis
const MOST_LETTERS = 18;
const WHOLE = () => ({ size: 1, name: "", whole: true });

/**
 * Returns a chart: `points` are {at, value, partition, outcome}, oldest first; `write` says a value in words, and
 * `unit` returns the unit of the axis for the greatest value, as {size, name, whole}.
 */
export function chart({ title, points, write, unit = WHOLE }) {
  const frame = h("div", { class: points.length === 0 ? "" : "chart" });
  const figure = h("figure", { class: "panel" }, h("figcaption", {}, h("h3", {}, title), latest(points, write)), frame);
  if (points.length === 0) {
    frame.append(h("p", { class: "empty" }, "Nothing has been measured yet."));
    return figure;
  }
  let width = 0;
  new ResizeObserver(([entry]) => {
    const found = Math.round(entry.contentRect.width);
    if (found > 0 && found !== width) {
      width = found;
      frame.replaceChildren(drawn({ title, points, write, unit, width }));
    }
  }).observe(frame);
  return figure;
}

function latest(points, write) {
  const last = points[points.length - 1];
  if (!last) return null;
  return h("span", { class: `chart-last chart-last-${last.outcome}` }, write(last.value), last.outcome === "failed" ? ", refused" : "");
}

function drawn({ title, points, write, unit, width }) {
  const greatest = Math.max(...points.map((point) => point.value));
  const { size, name: unitName, whole } = unit(greatest);
  const steps = ticks(greatest, { unit: size, whole });
  const top = steps[steps.length - 1];
  const inner = { width: width - EDGE.left - EDGE.right, height: HEIGHT - EDGE.top - EDGE.bottom };
  const slot = inner.width / points.length;
  const x = (place) => EDGE.left + (place + 0.5) * slot;
  const y = (value) => EDGE.top + inner.height * (1 - value / top);
  const values = points.map((point) => point.value);
  const label = `${title}: ${plural(points.length, "publication")}, from ${write(Math.min(...values))} to ${write(Math.max(...values))}, last ${write(values[values.length - 1])}`;
  const picture = svg(
    "svg",
    { width, height: HEIGHT, viewBox: `0 0 ${width} ${HEIGHT}`, role: "img", "aria-label": label },
    steps.map((step) => [
      svg("line", { class: step === 0 ? "axis" : "rule", x1: EDGE.left, x2: width - EDGE.right, y1: y(step), y2: y(step) }),
      svg("text", { class: "tick", x: EDGE.left - 8, y: y(step) + 4, "text-anchor": "end" }, `${brief(step / size)} ${unitName}`.trim()),
    ]),
    places(points.length, roomFor(points, inner.width)).map((place) =>
      svg("text", { class: "tick", x: x(place), y: HEIGHT - 6, "text-anchor": anchor(place, points.length) }, name(points[place])),
    ),
    points.length <= MOST_BARS ? bars(points, x, y, slot) : line(points, x, y),
  );
  return pointed(picture, { points, write, x, y, slot });
}

function anchor(place, length) {
  if (length === 1) return "middle";
  if (place === 0) return "start";
  return place === length - 1 ? "end" : "middle";
}

function name(point) {
  const text = point.partition ?? day(point.at);
  return text.length > MOST_LETTERS ? `${text.slice(0, MOST_LETTERS - 1)}…` : text;
}

// How many labels stand side by side, at least the last.
function roomFor(points, width) {
  const longest = Math.max(...points.map((point) => name(point).length));
  return Math.max(1, Math.floor(width / Math.max(120, longest * LETTER * 1.25 + 16)));
}

function bars(points, x, y, slot) {
  const width = Math.max(2, Math.min(28, slot * 0.64));
  return points.map((point, place) =>
    svg("rect", {
      class: `bar bar-${point.outcome}`,
      x: x(place) - width / 2,
      y: Math.min(y(point.value), y(0) - 1),
      width,
      height: Math.max(1, y(0) - y(point.value)),
      rx: Math.min(3, width / 2),
    }),
  );
}

function line(points, x, y) {
  const path = points.map((point, place) => `${place === 0 ? "M" : "L"}${x(place).toFixed(1)} ${y(point.value).toFixed(1)}`).join("");
  return [
    svg("path", { class: "area", d: `${path}L${x(points.length - 1)} ${y(0)}L${x(0)} ${y(0)}Z` }),
    svg("path", { class: "line", d: path }),
    points.map((point, place) =>
      point.outcome === "published" ? null : svg("circle", { class: `dot dot-${point.outcome}`, cx: x(place), cy: y(point.value), r: 3 }),
    ),
  ];
}

function pointed(picture, { points, write, x, y, slot }) {
  const hair = svg("line", { class: "hair", y1: EDGE.top, y2: y(0), visibility: "hidden" });
  picture.append(hair);
  picture.addEventListener("pointermove", (event) => {
    const box = picture.getBoundingClientRect();
    const place = Math.max(0, Math.min(points.length - 1, Math.floor((event.clientX - box.left - EDGE.left) / slot)));
    const point = points[place];
    hair.setAttribute("x1", x(place));
    hair.setAttribute("x2", x(place));
    hair.setAttribute("visibility", "visible");
    showTip(`${write(point.value)}\n${point.partition ? `${point.partition} · ` : ""}${moment(point.at)}`, box.left + x(place), box.top + y(point.value));
  });
  picture.addEventListener("pointerleave", () => {
    hair.setAttribute("visibility", "hidden");
    showTip(null);
  });
  return picture;
}
