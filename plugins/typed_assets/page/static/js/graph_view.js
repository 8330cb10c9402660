// The lineage graph as a picture that can be moved, zoomed and walked through.

import { fill, h, mark, svg } from "./dom.js";
import { NODE, layout } from "./layers.js";
import { reach } from "./lineage.js";
import { assetHash } from "./links.js";
import { STATE_NAMES } from "./states.js";

const PAD = 28;
const CLOSEST = 2.2;
const FARTHEST = 0.05;
const LEGIBLE = 0.55;
const ROOM = NODE.width - 35 - 12; // beside the mark
const NAME = "13px";
const BELOW = "11.5px";
const LEAST_HEIGHT = 280;

/**
 * Returns the picture of a graph.
 *
 * Args: `graph` of lineage.js; `stateOf(name)` one of STATES; `selected` a name or null; `onselect(name)` is
 * called when a node is chosen; `tallest` limits the
 * height, which is then as the graph needs. Tab stops at one asset, the one of the last visit; arrow keys go along the
 * edges and through the layers, Home and End to the first and the last asset, Enter opens one.
 */
export function graphView({ graph, stateOf, selected = null, onselect = () => {}, tallest = null }) {
  const placed = layout(graph);
  const scene = svg("g", {});
  const picture = svg("svg", { class: "graph", role: "group", "aria-label": `Lineage of ${graph.nodes.size} assets. Arrow keys, Home and End go from asset to asset, Enter opens one.` }, arrowHead(), scene);
  const frame = h("div", { class: "graph-frame", tabindex: -1 }, picture);
  const view = { graph, placed, scene, picture, frame, stateOf, onselect, selected, tallest, touched: false, at: { x: 0, y: 0, zoom: 1 } };
  view.edges = placed.edges.map((edge) => ({ edge, element: drawnEdge(edge) }));
  view.nodes = new Map([...placed.nodes].map(([name, place]) => [name, drawnNode(view, name, place)]));
  scene.append(...view.edges.map((each) => each.element), ...view.nodes.values());
  moved(view);
  frame.append(controls(view));
  if (view.nodes.size > 0) stopAt(view, inOrder(placed)[0]);
  select(view, selected, { quiet: true });
  new ResizeObserver(() => {
    if (frame.clientWidth > 0 && !view.touched) begin(view); // once it is moved, it stays where it is
  }).observe(frame);
  return { element: frame, select: (name) => select(view, name, { centre: true }), fit: () => fit(view) };
}

function arrowHead() {
  const head = (id) => svg("marker", { id, viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto" }, svg("path", { d: "M0 .8L7 4L0 7.2Z" }));
  return svg("defs", {}, head("arrow"), head("arrow-lit"));
}

function drawnEdge(edge) {
  const name = edge.mapping && edge.mapping !== "identity" ? ` (${edge.mapping})` : "";
  return svg("path", { class: "edge", d: curve(edge.points), "marker-end": "url(#arrow)" }, svg("title", {}, `${edge.from} → ${edge.to}${name}`));
}

/** Returns a smooth path through points that leaves and arrives level. */
export function curve(points) {
  let path = `M${points[0][0]} ${points[0][1]}`;
  for (let at = 1; at < points.length; at += 1) {
    const [[x0, y0], [x1, y1]] = [points[at - 1], points[at]];
    const bend = Math.max(18, Math.abs(x1 - x0) / 2);
    path += y0 === y1 ? `L${x1} ${y1}` : `C${x0 + bend} ${y0} ${x1 - bend} ${y1} ${x1} ${y1}`;
  }
  return path;
}

function drawnNode(view, name, place) {
  const { asset } = view.graph.nodes.get(name);
  const state = view.stateOf(name);
  const cut = name.lastIndexOf(".") + 1;
  const below = asset === null ? "unknown to Airflow" : asset.makers[0]?.dag ?? "made outside of Airflow";
  const node = svg(
    "g",
    { class: `node node-${state}${asset === null ? " node-ghost" : ""}`, transform: `translate(${place.x} ${place.y})`, tabindex: -1, role: "link", "aria-label": `${name}, ${STATE_NAMES[state]}` },
    svg("rect", { class: "node-box", width: NODE.width, height: NODE.height, rx: 9 }),
    svg("g", { transform: "translate(12 12)" }, mark(state, 15)),
    svg("text", { class: "node-name", x: 35, y: 24 }, label(name.slice(0, cut), name.slice(cut))),
    svg("text", { class: "node-below", x: 35, y: 43 }, fitted(below, ROOM, `400 ${BELOW}`)),
    svg("title", {}, `${name}\n${STATE_NAMES[state]}${asset?.description ? `\n${asset.description}` : ""}`),
  );
  node.addEventListener("click", () => !view.dragged && select(view, name));
  node.addEventListener("dblclick", () => asset !== null && (location.hash = assetHash(name)));
  node.addEventListener("focus", () => stopAt(view, name));
  node.addEventListener("focus", () => view.selected !== name && node.matches(":focus-visible") && select(view, name));
  node.addEventListener("keydown", (event) => walk(view, name, event));
  return node;
}

// The last part of a name tells most; what stands before it is shown as far as there is room.
function label(before, last) {
  const shown = fitted(last, ROOM, `600 ${NAME}`);
  const room = ROOM - widthOf(shown, `600 ${NAME}`);
  let kept = before;
  for (let cut = 1; kept.length > 1 && widthOf(kept, `450 ${NAME}`) > room; cut += 1) kept = `…${before.slice(cut)}`;
  return [svg("tspan", { class: "node-prefix" }, kept.length > 1 ? kept : ""), shown];
}

function fitted(text, room, font) {
  if (widthOf(text, font) <= room) return text;
  let [fits, most] = [2, text.length];
  while (fits < most) {
    const middle = Math.ceil((fits + most) / 2);
    if (widthOf(cutInside(text, middle), font) <= room) fits = middle;
    else most = middle - 1;
  }
  return cutInside(text, fits);
}

// Long names of one kind differ at their ends.
function cutInside(text, letters) {
  return `${text.slice(0, Math.ceil(letters / 2))}…${text.slice(text.length - Math.floor(letters / 2))}`;
}

let measure = null;

function widthOf(text, font) {
  measure ??= { pen: document.createElement("canvas").getContext("2d"), family: getComputedStyle(document.body).fontFamily };
  measure.pen.font = `${font} ${measure.family}`;
  return measure.pen.measureText(text).width;
}

// Tab comes to one asset of the graph, whatever their number: to this one.
function stopAt(view, name) {
  view.nodes.get(view.stop)?.setAttribute("tabindex", -1);
  view.stop = name;
  view.nodes.get(name).setAttribute("tabindex", 0);
}

function select(view, name, { quiet = false, centre = false } = {}) {
  view.selected = view.graph.nodes.has(name) ? name : null;
  const up = view.selected ? reach(view.graph, name, "up") : new Map();
  const down = view.selected ? reach(view.graph, name, "down") : new Map();
  if (view.selected !== null) stopAt(view, view.selected);
  view.picture.classList.toggle("graph-lit", view.selected !== null);
  for (const [other, node] of view.nodes) {
    node.classList.toggle("lit", up.has(other) || down.has(other));
    node.classList.toggle("chosen", other === view.selected);
  }
  for (const { edge, element } of view.edges) {
    const lit = (up.has(edge.from) && up.has(edge.to)) || (down.has(edge.from) && down.has(edge.to));
    element.classList.toggle("lit", lit);
    element.setAttribute("marker-end", `url(#arrow${lit ? "-lit" : ""})`);
  }
  if (centre && view.selected) centred(view, view.selected);
  if (!quiet) view.onselect(view.selected);
}

function walk(view, name, event) {
  if (event.key === "Enter") {
    if (view.graph.nodes.get(name).asset !== null) location.hash = assetHash(name);
    return;
  }
  const next = neighbour(view.graph, view.placed, name, event.key);
  if (next === null) return;
  event.preventDefault();
  event.stopPropagation();
  view.nodes.get(next).focus({ preventScroll: true });
  select(view, next);
  centred(view, next, { onlyIfHidden: true });
}

// Layer after layer, from above in each.
function inOrder(placed) {
  return [...placed.nodes].sort(([, one], [, other]) => one.layer - other.layer || one.y - other.y).map(([name]) => name);
}

/** Returns the asset that a key leads to, or null; Up and Down come to all, from layer to layer. */
export function neighbour(graph, placed, name, key) {
  const here = placed.nodes.get(name);
  const nearest = (names) =>
    names.sort((one, other) => Math.abs(placed.nodes.get(one).y - here.y) - Math.abs(placed.nodes.get(other).y - here.y))[0] ?? null;
  if (key === "ArrowLeft") return nearest(graph.edges.filter((edge) => edge.to === name).map((edge) => edge.from));
  if (key === "ArrowRight") return nearest(graph.edges.filter((edge) => edge.from === name).map((edge) => edge.to));
  const order = inOrder(placed);
  const at = order.indexOf(name);
  const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: order.length - 1 }[key];
  return order[to] ?? null;
}

function apply({ scene, at }) {
  scene.setAttribute("transform", `translate(${at.x} ${at.y}) scale(${at.zoom})`);
}

// The whole graph, or as much as can be read of it: then around what is selected, else from its beginning.
function begin(view) {
  if (view.tallest !== null) {
    const wide = Math.min(1.1, (view.frame.clientWidth - 2 * PAD) / view.placed.width);
    const zoom = wide < LEGIBLE ? 0.9 : wide;
    view.frame.style.height = `${Math.min(view.tallest, Math.max(LEAST_HEIGHT, view.placed.height * zoom + 4 * PAD))}px`;
  }
  fit(view);
  if (view.at.zoom >= LEGIBLE) return;
  if (view.selected !== null) return centred(view, view.selected);
  view.touched = true;
  Object.assign(view.at, { zoom: 0.8, x: PAD, y: Math.max(PAD, (view.frame.clientHeight - view.placed.height * 0.8) / 2) });
  apply(view);
}

function fit(view) {
  view.touched = false;
  const { frame, placed } = view;
  const zoom = Math.min(1.1, (frame.clientWidth - 2 * PAD) / placed.width, (frame.clientHeight - 2 * PAD) / placed.height);
  view.at.zoom = Math.max(FARTHEST, zoom);
  view.at.x = (frame.clientWidth - placed.width * view.at.zoom) / 2;
  view.at.y = (frame.clientHeight - placed.height * view.at.zoom) / 2;
  apply(view);
}

function centred(view, name, { onlyIfHidden = false } = {}) {
  const { frame, at } = view;
  view.touched = true;
  if (!onlyIfHidden && at.zoom < 0.6) at.zoom = 0.9;
  const place = view.placed.nodes.get(name);
  const [x, y] = [at.x + (place.x + NODE.width / 2) * at.zoom, at.y + (place.y + NODE.height / 2) * at.zoom];
  const inside = x > 80 && y > 40 && x < frame.clientWidth - 80 && y < frame.clientHeight - 40;
  if (!(onlyIfHidden && inside)) {
    at.x += frame.clientWidth / 2 - x;
    at.y += frame.clientHeight / 2 - y;
  }
  apply(view);
}

function zoomed(view, factor, x, y) {
  view.touched = true;
  const { at } = view;
  const zoom = Math.max(FARTHEST, Math.min(CLOSEST, at.zoom * factor));
  at.x = x - ((x - at.x) * zoom) / at.zoom;
  at.y = y - ((y - at.y) * zoom) / at.zoom;
  at.zoom = zoom;
  apply(view);
}

function moved(view) {
  const { frame, picture } = view;
  const held = new Map();
  let apart = null;
  const distance = () => {
    const [one, other] = [...held.values()];
    return Math.hypot(one.x - other.x, one.y - other.y);
  };
  picture.addEventListener("pointerdown", (event) => {
    held.set(event.pointerId, { x: event.clientX, y: event.clientY });
    view.dragged = false;
    apart = held.size === 2 ? distance() : null;
  });
  const move = (event) => {
    const last = held.get(event.pointerId);
    if (!last) return;
    const [dx, dy] = [event.clientX - last.x, event.clientY - last.y];
    if (!view.dragged && Math.hypot(dx, dy) < 4) return;
    if (!view.dragged) picture.setPointerCapture(event.pointerId);
    view.dragged = true;
    view.touched = true;
    held.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (held.size === 1) {
      view.at.x += dx;
      view.at.y += dy;
      apply(view);
    } else if (apart !== null) {
      const box = frame.getBoundingClientRect();
      const now = distance();
      zoomed(view, now / apart, event.clientX - box.left, event.clientY - box.top);
      apart = now;
    }
  };
  const drop = (event) => held.delete(event.pointerId);
  picture.addEventListener("pointermove", move);
  picture.addEventListener("pointerup", drop);
  picture.addEventListener("pointercancel", drop);
  picture.addEventListener("pointerleave", (event) => !view.dragged && drop(event));
  picture.addEventListener("click", (event) => event.target === picture && !view.dragged && select(view, null));
  frame.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      const box = frame.getBoundingClientRect();
      zoomed(view, Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.0016)), event.clientX - box.left, event.clientY - box.top);
    },
    { passive: false },
  );
  frame.addEventListener("keydown", (event) => {
    const middle = [frame.clientWidth / 2, frame.clientHeight / 2];
    if (event.key === "+" || event.key === "=") zoomed(view, 1.25, ...middle);
    else if (event.key === "-") zoomed(view, 0.8, ...middle);
    else if (event.key === "0") fit(view);
    else if (event.key === "Escape") select(view, null);
  });
}

function controls(view) {
  const button = (sign, label, action) => h("button", { type: "button", class: "icon-button", title: label, "aria-label": label, onclick: action }, sign);
  const middle = () => [view.frame.clientWidth / 2, view.frame.clientHeight / 2];
  return fill(
    h("div", { class: "graph-controls" }),
    button("+", "Zoom in (+)", () => zoomed(view, 1.25, ...middle())),
    button("−", "Zoom out (-)", () => zoomed(view, 0.8, ...middle())),
    button("⤢", "Fit all (0)", () => fit(view)),
  );
}
