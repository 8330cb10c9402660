// The catalogue: every asset with its state, what it did lately and whose it is.

import { breakable, fill, h, mark } from "./dom.js";
import { ago, brief, count, duration, moment, plural } from "./format.js";
import { assetHash } from "./links.js";
import { arranged, counted, filtered } from "./search.js";
import { freshnessOf, STATE_NAMES, STATES, unresolved } from "./states.js";
import { attemptStrip, outcomeWord } from "./strips.js";

/** Shows the catalogue in an element. `rows` come from the store; `query` is the part of the hash after `?`. */
export function showCatalogue(root, { rows, query, now, notes, limits }) {
  const chosen = Object.fromEntries(["q", "group", "owner", "state", "by"].map((name) => [name, query.get(name) ?? ""]));
  const list = h("div", { class: "list" });
  const states = h("div", { class: "states", role: "group", "aria-label": "Filter by state" });
  const said = h("p", { class: "hidden", "aria-live": "polite" });
  const lines = new Map(); // drawn once: a search only takes out and puts back
  const lineOf = (row) => lines.get(row) ?? lines.set(row, line(row, now)).get(row);
  const update = (change) => {
    Object.assign(chosen, change);
    remember(chosen);
    render();
  };
  const render = () => {
    const found = filtered(rows, chosen);
    fill(states, stateButtons(filtered(rows, { ...chosen, state: "" }), chosen, update));
    said.textContent = `${plural(found.length, "asset")} shown`;
    fill(list, found.length === 0 ? noMatch(update) : sections(found, chosen, lineOf));
  };
  if (rows.length === 0) return fill(root, h("div", { class: "page-head" }, h("h1", {}, "Catalogue")), notes, noAssets());
  fill(root, heading(rows), notes, states, filters(rows, chosen, update), said, list, limits);
  render();
}

function heading(rows) {
  const dags = new Set(rows.flatMap(({ asset }) => asset.makers.map((maker) => maker.dag)));
  const text = `${plural(rows.length, "asset")} made by ${plural(dags.size, "DAG")}`;
  return h("div", { class: "page-head" }, h("h1", {}, "Catalogue"), h("p", { class: "muted" }, text));
}

function stateButtons(rows, chosen, update) {
  const counts = counted(rows);
  const button = (state, name, number) =>
    h(
      "button",
      { type: "button", class: `state-button state-${state || "all"}`, "aria-pressed": chosen.state === state ? "true" : "false", onclick: () => update({ state: chosen.state === state ? "" : state }) },
      state ? mark(state) : null,
      h("span", { class: "state-count" }, count(number)),
      h("span", { class: "state-name" }, name),
    );
  return [
    button("", "All", rows.length),
    ...STATES.filter((state) => counts[state] > 0 || chosen.state === state).map((state) => button(state, STATE_NAMES[state], counts[state])),
  ];
}

function filters(rows, chosen, update) {
  const values = (pick) => [...new Set(rows.flatMap(({ asset }) => pick(asset)).filter(Boolean))].sort();
  const search = h("input", {
    type: "search",
    id: "search",
    value: chosen.q,
    placeholder: "Name, owner, tag, column …",
    "aria-label": "Search assets",
    autocomplete: "off",
    oninput: (event) => update({ q: event.target.value }),
  });
  return h(
    "form",
    { class: "filters", role: "search", onsubmit: (event) => event.preventDefault() },
    h("label", { class: "field field-search" }, h("span", {}, "Search"), search),
    choice("Group", "group", ["", ...values((asset) => [asset.group])], "All groups", chosen, update),
    choice("Owner", "owner", ["", ...values((asset) => asset.owners)], "All owners", chosen, update),
    choice("Arrange by", "by", ["", "state", "owner", "dag"], "Group", chosen, update, { state: "State", owner: "Owner", dag: "DAG" }),
  );
}

function choice(label, name, values, first, chosen, update, names = {}) {
  const options = values.map((value) => h("option", { value, selected: chosen[name] === value }, value === "" ? first : names[value] ?? value));
  return h("label", { class: "field" }, h("span", {}, label), h("select", { onchange: (event) => update({ [name]: event.target.value }) }, options));
}

function remember(chosen) {
  const query = new URLSearchParams(Object.entries(chosen).filter(([, value]) => value !== ""));
  history.replaceState(null, "", query.size > 0 ? `#/?${query}` : "#/");
  window.dispatchEvent(new Event("routekept"));
}

function noAssets() {
  return h(
    "div",
    { class: "empty-page" },
    h("h2", {}, "No assets yet"),
    h("p", {}, "Airflow knows no asset that you may read. Assets appear here as soon as a DAG that makes or reads one has been parsed."),
  );
}

function noMatch(update) {
  return h(
    "div",
    { class: "empty-page" },
    h("h2", {}, "No asset matches"),
    h("button", { type: "button", class: "button", onclick: () => resetFilters(update) }, "Clear search and filters"),
  );
}

function resetFilters(update) {
  document.getElementById("search").value = "";
  for (const select of document.querySelectorAll(".filters select")) select.value = "";
  update({ q: "", group: "", owner: "", state: "", by: "" });
}

function sections(rows, chosen, lineOf) {
  const titles = ["Asset", "Latest publications", "Freshness", "Rows", "Published", "Owner"];
  const head = h("thead", {}, h("tr", {}, titles.map((title, place) => h("th", { scope: "col", class: `c${place}` }, title))));
  const bodies = arranged(rows, chosen.by || "group").map((section) => [
    h(
      "tbody",
      {},
      h("tr", { class: "section" }, h("th", { scope: "rowgroup", colspan: titles.length }, section.title, h("span", { class: "badge" }, count(section.rows.length)))),
      section.rows.map(lineOf),
    ),
  ]);
  return h("table", { class: "assets" }, head, bodies);
}

function line({ asset, state, attempts, publishedAt, paused, running, whole }, now) {
  const last = attempts.find((attempt) => attempt.kind === "publication");
  return h(
    "tr",
    { class: `asset-row row-${state}` },
    h(
      "td",
      { class: "c0" },
      h(
        "div",
        { class: "name-cell" },
        mark(state, 18),
        h(
          "div",
          {},
          h("p", { class: "name-line" }, link(asset, state), pills(asset, { running, paused })),
          h("p", { class: "description" }, why(state, attempts, publishedAt) ?? firstLine(asset)),
        ),
      ),
    ),
    h("td", { class: "c1" }, attemptStrip(attempts, whole)),
    h("td", { class: "c2" }, freshnessText(asset, publishedAt, now)),
    h("td", { class: typeof last?.record?.rows === "number" ? "c3" : "c3 blank", title: last?.record?.rows === undefined ? null : `${count(last.record.rows)} rows` }, brief(last?.record?.rows)),
    h("td", { class: publishedAt === null ? "c4 blank" : "c4", title: publishedAt === null ? null : `${moment(publishedAt)} UTC` }, publishedAt === null ? "–" : ago(publishedAt, now)),
    h("td", { class: "c5" }, asset.owners.join(", ") || "–"),
  );
}

function link(asset, state) {
  return h("a", { class: "asset-link", href: assetHash(asset.name) }, h("span", {}, breakable(asset.name)), h("span", { class: "hidden" }, `, ${STATE_NAMES[state]}`));
}

function pills(asset, { running, paused }) {
  return [
    running.length > 0 ? h("span", { class: "pill pill-running" }, "Running") : null,
    paused ? h("span", { class: "pill" }, "DAG paused") : null,
    asset.watchers.length > 0 ? h("span", { class: "pill", title: `By ${asset.watchers.map((each) => each.name).join(", ")}` }, "Watched") : null,
  ];
}

function why(state, attempts, publishedAt) {
  const first = attempts[0];
  if (state === "failed") {
    const [failure] = unresolved(attempts, publishedAt);
    const blocked = (failure.record?.checks ?? []).filter((check) => !check.passed && check.severity !== "warn").map((check) => check.name);
    return h("span", { class: "why why-failed" }, blocked.length > 0 ? `Refused: ${blocked.join(", ")}` : outcomeWord(failure));
  }
  const warned = (first?.record?.checks ?? []).filter((check) => !check.passed).map((check) => check.name);
  return state === "warning" && warned.length > 0 ? h("span", { class: "why why-warning" }, `Warning: ${warned.join(", ")}`) : null;
}

function firstLine({ description }) {
  return description === "" ? null : h("span", {}, description.split("\n")[0]);
}

/** Returns the freshness of an asset in words. */
export function freshnessText(asset, publishedAt, now) {
  const { kind, seconds } = freshnessOf(asset, publishedAt, now);
  const words = {
    none: "No policy",
    never: "Waiting for the first",
    fresh: `Fresh, ${duration(seconds)} left`,
    soon: `Due in ${duration(seconds)}`,
    late: `Late by ${duration(seconds)}`,
  };
  return h("span", { class: `fresh fresh-${kind}` }, words[kind]);
}
