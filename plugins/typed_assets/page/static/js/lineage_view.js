// Lineage: the graph of all assets, and of what is around one.

import { breakable, fill, h, mark } from "./dom.js";
import { ago, moment, plural } from "./format.js";
import { graphView } from "./graph_view.js";
import { around, reach } from "./lineage.js";
import { assetHash } from "./links.js";
import { STATE_NAMES } from "./states.js";

const DIRECTIONS = { both: "Both ways", up: "Upstream", down: "Downstream" };
const MOST_NEIGHBOURS = 12;
const DEPTHS = { "": "All steps", 1: "1 step", 2: "2 steps", 3: "3 steps" };

/** Shows the page of the whole graph; `query` may hold `focus`, `direction` and `depth`. */
export function showLineage(root, { graph, stateOfName, query, notes, limits }) {
  const chosen = { focus: query.get("focus") ?? "", direction: query.get("direction") ?? "both", depth: query.get("depth") ?? "" };
  const stage = h("div", { class: "stage" });
  const side = h("aside", { class: "side", "aria-live": "polite" });
  const options = h("div", { class: "field-row" });
  let view = null;
  const render = () => {
    const known = graph.nodes.has(chosen.focus);
    const shown = known ? around(graph, chosen.focus, chosen.direction, chosen.depth ? Number(chosen.depth) : Infinity) : graph;
    view = graphView({ graph: shown, stateOf: stateOfName, selected: known ? chosen.focus : null, onselect: (name) => fill(side, name ? card(graph, name, stateOfName, name === chosen.focus ? null : focus) : null) });
    fill(stage, view.element);
    fill(side, known ? card(graph, chosen.focus, stateOfName, null) : null);
    fill(options, known ? focusOptions(chosen, update) : h("p", { class: "muted" }, "Choose an asset to see what it is made of and what is made of it."));
  };
  const update = (change) => {
    Object.assign(chosen, change);
    const query = new URLSearchParams(Object.entries(chosen).filter(([name, value]) => value !== "" && !(name === "direction" && value === "both")));
    history.replaceState(null, "", query.size > 0 ? `#/lineage?${query}` : "#/lineage");
    window.dispatchEvent(new Event("routekept"));
    render();
  };
  const focus = (name) => update({ focus: name });
  const names = [...graph.nodes.keys()].sort();
  const find = h("input", { type: "search", list: "asset-names", value: chosen.focus, placeholder: "Find an asset", "aria-label": "Find an asset in the graph", oninput: (event) => graph.nodes.has(event.target.value) && view.select(event.target.value), onsearch: (event) => event.target.value === "" && update({ focus: "" }) });
  fill(
    root,
    h("div", { class: "page-head" }, h("h1", {}, "Lineage"), h("p", { class: "muted" }, `${plural(graph.nodes.size, "asset")}, ${plural(graph.edges.length, "dependency", "dependencies")}, across all DAGs`)),
    notes,
    h("div", { class: "filters" }, h("label", { class: "field field-search" }, h("span", {}, "Find"), find), h("datalist", { id: "asset-names" }, names.map((name) => h("option", { value: name }))), options),
    graph.nodes.size === 0 ? h("p", { class: "empty panel" }, "There are no assets yet.") : h("div", { class: "lineage" }, stage, side),
    limits,
  );
  if (graph.nodes.size > 0) render();
}

function focusOptions(chosen, update) {
  const choose = (name, label, options) => h("label", { class: "field" }, h("span", {}, label), h("select", { onchange: (event) => update({ [name]: event.target.value }) }, Object.entries(options).map(([value, text]) => h("option", { value, selected: String(chosen[name]) === value }, text))));
  return [
    choose("direction", "Show", DIRECTIONS),
    choose("depth", "How far", { "": DEPTHS[""], 1: DEPTHS[1], 2: DEPTHS[2], 3: DEPTHS[3] }),
    h("button", { type: "button", class: "button", onclick: () => update({ focus: "" }) }, "Whole graph"),
  ];
}

function card(graph, name, stateOfName, focus) {
  const { asset } = graph.nodes.get(name);
  const state = stateOfName(name);
  const up = reach(graph, name, "up").size - 1;
  const down = reach(graph, name, "down").size - 1;
  return h(
    "div",
    { class: "card" },
    h("div", { class: "card-text" },
      h("h2", {}, breakable(name), " ", h("span", { class: `pill pill-${state}` }, STATE_NAMES[state])),
      asset?.description ? h("p", { class: "muted clamped" }, asset.description) : null,
      h("p", { class: "muted" }, `${plural(up, "asset")} upstream, ${down} downstream`),
    ),
    h("div", { class: "card-actions" }, asset ? h("a", { class: "button button-first", href: assetHash(name) }, "Open") : null, focus ? h("button", { type: "button", class: "button", onclick: () => focus(name) }, "Only its lineage") : null),
  );
}

/** Returns the tab of one asset. */
export function lineageTab({ asset, graph, stateOfName }) {
  const part = around(graph, asset.name, "both");
  if (part.nodes.size === 1) return h("p", { class: "empty panel" }, "Nothing that Airflow knows is upstream or downstream of this asset.");
  const view = graphView({ graph: part, stateOf: stateOfName, selected: asset.name, tallest: 520 });
  return h("section", { class: "panel" }, h("div", { class: "panel-head" }, h("h3", {}, "Lineage"), h("a", { href: `#/lineage?focus=${encodeURIComponent(asset.name)}` }, "In the whole graph")), view.element);
}

/** Returns the assets next to one, as two lists. */
export function neighbours({ asset, publishedAt, graph, stateOfName, publishedAtOf, now }) {
  const beside = (direction) => [...reach(graph, asset.name, direction, 1).keys()].filter((name) => name !== asset.name).sort();
  const mapping = new Map(asset.upstream.map((each) => [each.asset, each.mapping]));
  const age = (name) => {
    const at = publishedAtOf(name);
    if (at === null) return null;
    const since = mapping.has(name) && publishedAt !== null && at > publishedAt; // it has not come down here yet
    return h("span", { class: since ? "newer" : "muted", title: `${moment(at)} UTC` }, `${ago(at, now)}${since ? ", newer than this" : ""}`);
  };
  const list = (title, names, otherwise) =>
    h(
      "div",
      {},
      h("h4", {}, title),
      names.length === 0
        ? h("p", { class: "muted" }, otherwise)
        : h("ul", { class: "neighbours" }, names.slice(0, MOST_NEIGHBOURS).map((name) => h("li", {}, mark(stateOfName(name), 15), graph.nodes.get(name).asset ? h("a", { href: assetHash(name) }, name) : h("span", {}, name), mappingText(mapping.get(name)), age(name))), names.length > MOST_NEIGHBOURS ? h("li", {}, h("a", { href: assetHash(asset.name, "lineage") }, `and ${names.length - MOST_NEIGHBOURS} more`)) : null),
    );
  return h("div", { class: "two" }, list("Upstream", beside("up"), "It is made of nothing that Airflow knows."), list("Downstream", beside("down"), "Nothing that Airflow knows is made of it."));
}

function mappingText(mapping) {
  const words = { rollup: "all of the period", all: "every partition", last: "newest partition" };
  return words[mapping] ? h("span", { class: "tag" }, words[mapping]) : null;
}
