// The partitions of an asset: the grid, what is missing, and the command that makes it.

import { h } from "./dom.js";
import { count, plural } from "./format.js";
import { partitionGrid } from "./grid.js";
import { attemptList } from "./history_tab.js";
import { airflowLink, assetHash } from "./links.js";
import { gridOf, missingRanges, partitionStates, rangeOf, tally } from "./partitions.js";

const NAMES = { published: "Published", warning: "With warnings", failed: "Failed", running: "Running", missing: "Missing", open: "Still open" };
const MOST_RANGES = 12;
const MOST_ATTEMPTS = 3;
const UNREAD = "Publications could not be read, so nobody knows which partitions there are.";
const BESIDE = 31; // so many columns leave room for what is missing beside them

function statesOf({ asset, attempts, running, now }) {
  const keys = running.map((run) => run.partition).filter((key) => key !== null);
  return partitionStates(asset.partitions, attempts, keys, now);
}

/** Returns the tab. */
export function partitionsTab(detail) {
  const { asset, now } = detail;
  if (detail.lost) return h("p", { class: "empty panel" }, UNREAD);
  const states = statesOf(detail);
  const grid = gridOf(asset.partitions, now);
  return h(
    "div",
    { class: grid.columns.length > BESIDE ? "panels panels-one" : "panels" },
    h(
      "section",
      { class: "panel" },
      h("h3", {}, "Partitions"),
      share(tally(states)),
      incomplete(detail),
      h("p", { class: "muted hint" }, "Choose a partition to see what became of it."),
      partitionGrid(grid, states, { label: `Partitions of ${asset.name}`, about: (key) => attemptsAt(detail, key) }),
      legend(tally(states)),
    ),
    missing(asset, states, now),
  );
}

// What became of one partition, and what runs to make it now.
function attemptsAt(detail, key) {
  const { attempts, running, source } = detail;
  const own = attempts.filter((attempt) => attempt.partition === key).slice(0, MOST_ATTEMPTS);
  const now = running.filter((run) => run.partition === key).map((run) => h("p", { class: "running" }, airflowLink(source, run, "A run is going on")));
  return [now, own.length > 0 ? attemptList(detail, own) : null];
}

/** Returns the panel of the overview. */
export function partitionSummary(detail) {
  const states = statesOf(detail);
  const counts = tally(states);
  return h(
    "section",
    { class: "panel" },
    h("div", { class: "panel-head" }, h("h3", {}, "Partitions"), h("a", { href: assetHash(detail.asset.name, "partitions") }, "Grid")),
    ...(detail.lost ? [h("p", { class: "empty" }, UNREAD)] : summary(detail, states, counts)),
  );
}

function summary(detail, states, counts) {
  return [
    share(counts),
    partitionGrid(gridOf(detail.asset.partitions, detail.now), states, { label: `Partitions of ${detail.asset.name}`, tallest: 196, about: (key) => attemptsAt(detail, key) }),
    legend(counts),
  ];
}

function incomplete({ attempts, total }) {
  const read = attempts.filter((attempt) => attempt.kind === "publication").length;
  if (total !== null && read >= total) return null;
  const of = total === null ? "" : ` of ${count(total)}`;
  return h("p", { class: "note" }, `The newest ${count(read)}${of} publications are counted: older partitions may show as missing.`);
}

function share(counts) {
  const all = Object.values(counts).reduce((sum, each) => sum + each, 0) - counts.open;
  const done = counts.published + counts.warning;
  const percent = all === 0 ? 0 : Math.floor((done / all) * 1000) / 10;
  const bar = h("div", { class: "share", role: "img", "aria-label": `${percent} % published` });
  for (const state of ["published", "warning", "running", "failed", "missing"]) {
    if (counts[state] === 0) continue;
    const part = h("span", { class: `share-${state}` });
    part.style.flexGrow = counts[state];
    bar.append(part);
  }
  return h("div", { class: "share-box" }, h("p", { class: "share-text" }, h("strong", {}, `${percent} %`), ` ${count(done)} of ${plural(all, "partition")} published`), bar);
}

function legend(counts) {
  const shown = Object.keys(NAMES).filter((state) => counts[state] > 0);
  return h("ul", { class: "legend" }, shown.map((state) => h("li", {}, h("span", { class: `swatch swatch-${state}`, "aria-hidden": "true" }), `${NAMES[state]} `, h("strong", {}, count(counts[state])))));
}

function missing(asset, states, now) {
  const found = missingRanges(states);
  const newest = found.slice(-MOST_RANGES).reverse();
  const rest = found.length - newest.length;
  return h(
    "section",
    { class: "panel" },
    h("h3", {}, "Missing or failed"),
    ranges(newest, "Nothing is missing."),
    rest > 0 ? h("p", { class: "muted" }, `and ${plural(rest, "earlier range")}`) : null,
    newest.length > 0 ? command(asset, found, now) : null,
  );
}

function ranges(found, otherwise) {
  if (found.length === 0) return h("p", { class: "muted" }, otherwise);
  const text = (range) => (range.count === 1 ? range.first : `${range.first} to ${range.last}`);
  return h("ul", { class: "ranges" }, found.map((range) => h("li", {}, h("span", { class: "mono" }, text(range)), h("span", { class: "muted" }, plural(range.count, "partition")))));
}

function command(asset, found, now) {
  const keys = `'${rangeOf(asset.partitions, found, now)}'`;
  const start = `mwaactl asset backfill ${asset.name} --partitions `;
  const copy = h("button", { type: "button", class: "button", onclick: () => copied(copy, start + keys) }, "Copy");
  const range = found.length > 1 || found[0].count > 1;
  return [
    h("p", { class: "muted command-head" }, range ? "This makes them all; what is published in between is left alone." : "This makes it."),
    h("div", { class: "command" }, h("code", {}, start, h("span", { class: "together" }, keys)), copy),
  ];
}

async function copied(button, text) {
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
  } catch {
    button.textContent = "Select the text to copy it"; // a page without HTTPS has no clipboard
  }
}
