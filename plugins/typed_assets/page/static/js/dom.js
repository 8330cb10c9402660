// Builds elements. Text is always text: nothing that Airflow tells is read as HTML.

const SVG = "http://www.w3.org/2000/svg";

/** Returns an HTML element: `h("a", { href, class: "x", onclick: f }, "text", child, null)`. */
export function h(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

/** Returns an SVG element. */
export function svg(tag, attributes = {}, ...children) {
  return filled(document.createElementNS(SVG, tag), attributes, children);
}

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Returns a name that breaks where its parts meet, and within a part only where that is not enough. */
export function breakable(name) {
  return name.split(/(?<=[._/|:-])/).flatMap((part, place) => (place === 0 ? [part] : [document.createElement("wbr"), part]));
}

/** Puts children in place of what an element holds. */
export function fill(element, ...children) {
  element.replaceChildren(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

const ICONS = {
  ok: "M4 8.5l2.6 2.6L12 5.4",
  failed: "M4.8 4.8l6.4 6.4M11.2 4.8l-6.4 6.4",
  warning: "M8 4v5M8 11.6v.4",
  late: "M8 4.4V8l2.4 1.8",
  never: "M5 8h6",
  external: "M6 10l4-4M6.6 5.6H10.4V9.4",
  running: "M6 4.8v6.4L11 8z",
  unknown: "M5.9 6.2a2.1 2.1 0 1 1 3.2 1.9c-.8.5-1.1.9-1.1 1.6M8 11.9v.2",
};

/** Returns the mark of a state: a disc with a sign, so that colour is not all that tells it. */
export function mark(state, size = 16) {
  return svg(
    "svg",
    { viewBox: "0 0 16 16", width: size, height: size, class: `mark mark-${state}`, "aria-hidden": "true" },
    svg("circle", { cx: 8, cy: 8, r: 7.25 }),
    svg("path", { d: ICONS[state] ?? ICONS.never }),
  );
}

let tip = null;

/** Shows a small text beside a point of the window; null hides it. */
export function showTip(text, x = 0, y = 0) {
  if (tip === null) document.body.append((tip = h("div", { class: "tip", role: "presentation", hidden: true })));
  tip.hidden = text === null;
  if (text === null) return;
  fill(tip, text.split("\n").map((line, place) => h("div", { class: place === 0 ? "tip-first" : "" }, line)));
  const width = tip.offsetWidth;
  const height = tip.offsetHeight;
  tip.style.left = `${Math.max(4, Math.min(x - width / 2, window.innerWidth - width - 4))}px`;
  tip.style.top = `${y - height - 12 < 4 ? y + 18 : y - height - 12}px`;
}
