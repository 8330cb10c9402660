// The partition grid on a canvas: only what is in sight is drawn, so that a hundred thousand cells cost nothing.

import { fill, h, showTip } from "./dom.js";

const STEP = 19;
const LEAST_STEP = 8;
const TOP = 20;
const MOST_HEIGHT = 460;
const WORDS = {
  published: "published",
  warning: "published with warnings",
  failed: "failed",
  running: "running",
  missing: "missing",
  open: "still open",
};

/**
 * Returns a grid: `grid` comes from `gridOf`, `states` from `partitionStates`.
 * Arrow keys go from cell to cell; what stands there is said in words, and below that `about(key)` shows more.
 */
export function partitionGrid(grid, states, { label, tallest = MOST_HEIGHT, about = () => null }) {
  const canvas = h("canvas", { "aria-hidden": "true" });
  const space = h("div", { class: "grid-space" }, canvas);
  const scroll = h("div", { class: "grid-scroll", tabindex: 0, role: "application", "aria-label": `${label}. Arrow keys go from partition to partition.` }, space);
  const said = h("p", { class: "grid-said", "aria-live": "polite" });
  const more = h("div", { class: "grid-about" });
  const left = grid.rows.reduce((most, row) => Math.max(most, row.label.length), 0) * 7.4 + 12;
  const view = { canvas, scroll, grid, states, left, said, more, about, at: null, step: STEP };
  const redraw = () => draw(view);
  const resize = () => {
    view.step = stepFor(scroll.clientWidth - left, grid.columns.length);
    space.style.width = `${left + grid.columns.length * view.step}px`;
    space.style.height = `${TOP + grid.rows.length * view.step}px`;
    scroll.style.height = `${Math.min(TOP + grid.rows.length * view.step + 4, tallest)}px`;
    redraw();
  };
  scroll.addEventListener("scroll", redraw, { passive: true });
  scroll.addEventListener("pointermove", (event) => hover(view, event));
  scroll.addEventListener("pointerleave", () => showTip(null));
  scroll.addEventListener("pointerdown", (event) => choose(view, cellAt(view, event)));
  scroll.addEventListener("keydown", (event) => walk(view, event));
  const recolour = () => (scroll.isConnected ? redraw() : window.removeEventListener("themechange", recolour));
  window.addEventListener("themechange", recolour);
  new ResizeObserver(resize).observe(scroll);
  requestAnimationFrame(() => {
    resize();
    scroll.scrollTop = scroll.scrollHeight; // the newest partitions
    redraw();
  });
  return h("div", { class: "grid" }, scroll, said, more);
}

/** Returns how far cells lie apart: all columns in sight where that leaves cells that can be told apart. */
export function stepFor(width, columns) {
  const fitting = Math.floor(width / columns);
  return fitting >= LEAST_STEP ? Math.min(STEP, fitting) : STEP;
}

// Small cells lie closer together.
function gapOf(step) {
  return step < 12 ? 2 : 3;
}

function draw({ canvas, scroll, grid, states, left, at, step }) {
  const ratio = window.devicePixelRatio || 1;
  const [width, height] = [scroll.clientWidth, scroll.clientHeight];
  if (width === 0) return;
  if (canvas.width !== width * ratio || canvas.height !== height * ratio) {
    Object.assign(canvas, { width: width * ratio, height: height * ratio });
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  const colours = colourTable(scroll);
  const pen = canvas.getContext("2d");
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, width, height);
  const [x0, y0] = [scroll.scrollLeft, scroll.scrollTop];
  const rows = span(y0 - TOP, height, grid.rows.length, step);
  const columns = span(x0 - left, width, grid.columns.length, step);
  for (let row = rows.from; row < rows.to; row += 1) {
    for (let column = columns.from; column < columns.to; column += 1) {
      const key = grid.rows[row].keys[column];
      if (key === undefined || key === null) continue;
      const here = at?.row === row && at.column === column;
      cell(pen, { x: left + column * step - x0, y: TOP + row * step - y0, size: step - gapOf(step) }, states.get(key), colours, here);
    }
  }
  labels(pen, { grid, rows, columns, left, x0, y0, width, height, colours, step });
}

function span(from, length, count, step) {
  const first = Math.max(0, Math.floor(from / step));
  return { from: first, to: Math.min(count, Math.ceil((from + length) / step)) };
}

function cell(pen, { x, y, size }, state, colours, here) {
  pen.beginPath();
  pen.roundRect(x, y, size, size, Math.min(3, size / 4));
  pen.fillStyle = colours[state];
  if (state !== "open") pen.fill();
  pen.lineWidth = here ? 2 : 1;
  pen.strokeStyle = here ? colours.text : colours[`${state}-edge`];
  pen.stroke();
  pen.save();
  pen.translate(x + size / 2, y + size / 2);
  pen.scale(Math.min(1, size / 12), Math.min(1, size / 12));
  sign(pen, 0, 0, state, colours);
  pen.restore();
}

function sign(pen, x, y, state, colours) {
  pen.strokeStyle = colours.sign;
  pen.lineWidth = 1.6;
  pen.beginPath();
  if (state === "failed") {
    pen.moveTo(x - 3, y - 3);
    pen.lineTo(x + 3, y + 3);
    pen.moveTo(x + 3, y - 3);
    pen.lineTo(x - 3, y + 3);
  } else if (state === "warning") {
    pen.moveTo(x, y - 4);
    pen.lineTo(x, y + 1);
    pen.moveTo(x, y + 3.2);
    pen.lineTo(x, y + 3.8);
  } else if (state === "running") {
    pen.arc(x, y, 2.6, 0, Math.PI * 1.5);
  }
  pen.stroke();
}

// Labels stay in sight while the cells scroll below them.
function labels(pen, { grid, rows, columns, left, x0, y0, width, height, colours, step }) {
  pen.fillStyle = colours.surface;
  const gap = gapOf(step);
  pen.fillRect(0, 0, left - gap, height);
  pen.fillRect(0, 0, width, TOP - gap);
  pen.font = `11px ${colours.font}`;
  pen.fillStyle = colours.muted;
  pen.textBaseline = "middle";
  pen.textAlign = "left";
  const everyRow = step < 12 ? 2 : 1;
  for (let row = rows.from; row < rows.to; row += 1) {
    const y = TOP + row * step - y0 + (step - gap) / 2;
    if (y > TOP && (grid.rows.length - 1 - row) % everyRow === 0) pen.fillText(grid.rows[row].label, 2, y);
  }
  pen.textAlign = "center";
  const widest = grid.columns.reduce((most, column) => Math.max(most, column.length), 0) * 6.4;
  const every = Math.max(1, Math.ceil((widest + 4) / step));
  for (let column = columns.from; column < columns.to; column += 1) {
    const x = left + column * step - x0 + (step - gap) / 2;
    if (column % every === 0 && x > left) pen.fillText(grid.columns[column], x, TOP / 2 - 2);
  }
}

function colourTable(element) {
  const style = getComputedStyle(element);
  const read = (name) => style.getPropertyValue(name).trim();
  const found = { text: read("--text"), muted: read("--muted"), surface: read("--surface"), sign: read("--on-state"), font: style.fontFamily };
  for (const state of Object.keys(WORDS)) {
    found[state] = read(`--cell-${state}`);
    found[`${state}-edge`] = read(`--cell-${state}-edge`) || found[state];
  }
  return found;
}

function cellAt({ scroll, grid, left, step }, event) {
  const box = scroll.getBoundingClientRect();
  const row = Math.floor((event.clientY - box.top + scroll.scrollTop - TOP) / step);
  const column = Math.floor((event.clientX - box.left + scroll.scrollLeft - left) / step);
  const key = grid.rows[row]?.keys[column];
  return key === undefined || key === null ? null : { row, column, key };
}

function hover(view, event) {
  const found = cellAt(view, event);
  showTip(found ? `${found.key}\n${WORDS[view.states.get(found.key)]}` : null, event.clientX, event.clientY);
}

function choose(view, found) {
  if (found === null) return;
  view.at = found;
  fill(view.more, view.about(found.key));
  view.said.textContent = `${found.key}: ${WORDS[view.states.get(found.key)]}`;
  draw(view);
}

const MOVES = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

function walk(view, event) {
  const move = MOVES[event.key];
  if (!move) return;
  event.preventDefault();
  const found = stepped(view.grid, view.at, move);
  if (found === null) return;
  const { scroll, left, step } = view;
  const [top, start] = [TOP + found.row * step, left + found.column * step];
  scroll.scrollTop = Math.min(Math.max(scroll.scrollTop, top + step - scroll.clientHeight), top - TOP);
  scroll.scrollLeft = Math.min(Math.max(scroll.scrollLeft, start + step - scroll.clientWidth), start - left);
  choose(view, found);
}

/** Returns the next cell with a partition in a direction, or null; without a start, the last one. */
export function stepped(grid, at, [down, across]) {
  if (at === null) {
    for (let row = grid.rows.length - 1; row >= 0; row -= 1) {
      const column = grid.rows[row].keys.findLastIndex((key) => key !== null);
      if (column >= 0) return { row, column, key: grid.rows[row].keys[column] };
    }
    return null;
  }
  let { row, column } = at;
  for (;;) {
    row += down;
    column += across;
    const keys = grid.rows[row]?.keys;
    if (keys === undefined || column < 0 || column >= grid.columns.length) return null;
    if (keys[column] !== undefined && keys[column] !== null) return { row, column, key: keys[column] };
  }
}
