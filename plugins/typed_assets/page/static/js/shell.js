// The frame of the page: the bar at the top, what is loading, errors, and the way from an address to a page.

import { showAsset } from "./asset_view.js";
import { showCatalogue } from "./catalogue_view.js";
import { fill, h, showTip } from "./dom.js";
import { count, moment, plural } from "./format.js";
import { showLineage } from "./lineage_view.js";
import { routeOf } from "./links.js";
import { attemptsOf } from "./model.js";
import { joined, rowOf } from "./store.js";

const TITLES = { catalogue: "Catalogue", lineage: "Lineage" };

/** Runs the page on a source of data. */
export function startPage(source) {
  const main = document.getElementById("main");
  const page = { source, main, problem: h("div", { class: "problem", role: "alert", hidden: true }), catalogue: null, details: new Map(), turn: 0, busy: 0 };
  main.before(page.problem);
  fill(document.getElementById("bar"), bar(page));
  document.getElementById("skip").addEventListener("click", (event) => {
    event.preventDefault(); // the part after `#` is the page's address
    page.main.focus();
  });
  window.addEventListener("hashchange", () => show(page));
  window.addEventListener("routekept", () => shareAddress());
  adoptAddress();
  load(page);
}

function bar(page) {
  page.asOf = h("span", { class: "as-of" });
  const links = Object.entries({ catalogue: "#/", lineage: "#/lineage" }).map(([name, href]) => h("a", { href, "data-page": name }, TITLES[name]));
  return [h("nav", { class: "pages", "aria-label": "Pages" }, links), page.asOf, page.source.live ? again(page, "Refresh") : null];
}

// `data-busy` on the page tells whether something is still being read.
async function whileBusy(page, work) {
  page.busy += 1;
  document.documentElement.dataset.busy = "true";
  try {
    return await work();
  } finally {
    page.busy -= 1;
    document.documentElement.dataset.busy = String(page.busy > 0);
  }
}

function load(page) {
  return whileBusy(page, () => loaded(page));
}

async function loaded(page) {
  page.details.clear();
  const turn = (page.turn += 1);
  if (page.catalogue === null) fill(page.main, skeleton());
  page.problem.hidden = true;
  page.asOf.textContent = "Reading …";
  try {
    const found = await page.source.catalogue();
    if (turn !== page.turn) return;
    adopt(page, found);
    show(page, { keepPlace: page.shown !== undefined });
    const more = await page.source.rest(found);
    if (turn !== page.turn || more === null) return;
    const notes = [...found.notes, ...more.notes.filter((note) => !found.notes.some((other) => other.loss === note.loss))];
    const before = page.catalogue.rows.map((row) => row.state).join();
    adopt(page, { ...found, publications: more.publications, whole: more.whole, failures: more.failures, unknown: more.unknown, running: more.running, complete: more.complete, notes });
    const changed = before !== page.catalogue.rows.map((row) => row.state).join();
    const shown = routeOf(location.hash).page;
    if (shown === "catalogue" || (shown === "lineage" && changed)) show(page, { keepPlace: true });
  } catch (error) {
    if (turn === page.turn) lostTouch(page, error);
  }
}

// What has been read before stays in sight, with its age; who is not signed in any more does not see it.
function lostTouch(page, error) {
  page.asOf.textContent = "";
  if (page.catalogue === null || error.status === undefined || error.status === 401) {
    page.catalogue = null;
    fill(page.main, failure(page, error));
    return;
  }
  page.asOf.textContent = asOf(page);
  fill(page.problem, h("p", {}, `${error.message}. What stands here is ${asOf(page)}.`), again(page, "Try again"));
  page.problem.hidden = false;
}

function again(page, text) {
  return h("button", { type: "button", class: "button", onclick: () => load(page) }, text);
}

function adopt(page, found) {
  const now = page.source.now();
  page.catalogue = { ...found, ...joined(found, now), now };
  page.asOf.textContent = asOf(page);
}

function asOf({ source, catalogue }) {
  return `${source.environment ? `${source.environment}, ` : ""}as of ${moment(catalogue.now)} UTC`;
}

function show(page, { keepPlace = false } = {}) {
  if (page.catalogue === null) return;
  showTip(null);
  const route = routeOf(location.hash);
  shareAddress();
  for (const link of document.querySelectorAll("#bar [data-page]")) {
    link.toggleAttribute("aria-current", link.dataset.page === route.page);
    if (link.dataset.page === route.page) link.setAttribute("aria-current", "page");
  }
  if (route.page !== "asset") page.drawn = null;
  document.title = `${route.name || TITLES[route.page] || "Not found"} | Asset catalogue`;
  const focused = document.activeElement?.id;
  if (route.page === "catalogue") showCatalogue(page.main, { ...page.catalogue, query: route.query, notes: notes(page.catalogue.notes), limits: limits(page.catalogue) });
  else if (route.page === "lineage") showLineage(page.main, { ...page.catalogue, stateOfName: stateOfName(page), query: route.query, notes: notes(page.catalogue.notes), limits: limits(page.catalogue) });
  else if (route.page === "asset") whileBusy(page, () => openAsset(page, route));
  else fill(page.main, missing("There is no such page", location.hash));
  if (keepPlace && focused) document.getElementById(focused)?.focus();
  if (!keepPlace && page.shown !== `${route.page}/${route.name}`) {
    window.scrollTo(0, 0);
    if (page.shown) page.main.focus({ preventScroll: true }); // who listens hears the new page
  }
  page.shown = `${route.page}/${route.name}`;
}

function stateOfName({ catalogue }) {
  return (name) => catalogue.byName.get(name)?.state ?? "external";
}

async function openAsset(page, route) {
  const row = page.catalogue.byName.get(route.name);
  if (row === undefined) return fill(page.main, missing(`There is no asset ${route.name}`, "It may have been removed, or you may not read it."));
  const turn = page.turn;
  try {
    if (!page.details.has(route.name)) {
      if (page.drawn !== route.name) fill(page.main, skeleton(row.asset.name)); // else it stays in sight until it is read anew
      page.drawn = null;
      const progress = (read, total) => total > 200 && skeletonText(page.main, `${count(read)} of ${count(total)} publications read`);
      page.details.set(route.name, detailOf(page, row.asset, await page.source.asset(row.asset, progress)));
    }
    const current = routeOf(location.hash);
    if (turn !== page.turn || current.page !== "asset" || current.name !== route.name) return;
    showAsset(page.main, page.details.get(route.name), current.tab);
    page.drawn = route.name;
  } catch (error) {
    if (turn === page.turn) fill(page.main, failure(page, error));
  }
}

function detailOf(page, asset, found) {
  const { now, graph, paused, schedules } = page.catalogue;
  const complete = !found.lost && found.total !== null;
  const attempts = attemptsOf(found.publications, found.failures);
  const row = rowOf(asset, attempts, { paused, complete, now });
  const publishedAtOf = (name) => page.catalogue.byName.get(name)?.publishedAt ?? null;
  return { ...row, total: found.total, lost: found.lost, running: found.running, schedules, graph, stateOfName: stateOfName(page), publishedAtOf, source: page.source, notes: notes(found.notes), limits: limits(found), now };
}

function notes(errors) {
  return errors.map((error) =>
    h("p", { class: "note", role: "status" }, `${error.message}, so ${error.loss}. `, error.right ? h("span", {}, "Ask for the right ", h("code", {}, error.right), ".") : null),
  );
}

// What is not looked through, and what that may hide.
function limits({ horizon, unknown }) {
  const text = [
    horizon ? `Of ${count(horizon.total)} failed tasks those since ${moment(horizon.since)} UTC are looked through.` : "",
    unknown > 0 ? `${plural(unknown, "failure")} could not be matched with publications of ${unknown === 1 ? "its" : "their"} partition: any later publication counts as having put ${unknown === 1 ? "it" : "them"} right.` : "",
  ].filter(Boolean).join(" ");
  return text ? h("p", { class: "muted limits" }, text) : null;
}

function failure(page, error) {
  const advice = {
    401: "Sign in to Airflow in this browser, then try again.",
    403: "An administrator of Airflow can give your role the right that is missing.",
    0: "Look whether the web server can be reached, then try again.",
  }[error.status] ?? "";
  return h(
    "div",
    { class: "empty-page", role: "alert" },
    h("h1", {}, error.message),
    error.right ? h("p", {}, "The right that is missing: ", h("code", {}, error.right)) : null,
    h("p", { class: "muted" }, advice),
    again(page, "Try again"),
    error.status === undefined ? h("pre", {}, error.stack) : null,
  );
}

function missing(title, text) {
  return h("div", { class: "empty-page" }, h("h1", {}, title), h("p", { class: "muted" }, text), h("a", { class: "button", href: "#/" }, "Catalogue"));
}

function skeleton(title = "") {
  return h("div", { class: "skeleton", "aria-busy": "true" }, h("p", { class: "skeleton-text", role: "status" }, title ? `Reading ${title} …` : "Reading the assets …"), Array.from({ length: 8 }, () => h("div", { class: "skeleton-row" })));
}

function skeletonText(main, text) {
  const place = main.querySelector(".skeleton-text");
  if (place) place.textContent = text;
}

// Airflow shows the page in a frame: its window's address carries the part after `#` too, so that it can be shared.
// The address is given in full: Airflow's document has a base, from which `#…` alone would lead to its first page.
function shareAddress() {
  if (!framed()) return;
  const { history, location: outer } = window.parent;
  history.replaceState(history.state, "", `${outer.pathname}${outer.search}${location.hash || "#/"}`);
}

function adoptAddress() {
  if (framed() && location.hash === "" && window.parent.location.hash.startsWith("#/")) {
    history.replaceState(null, "", window.parent.location.hash);
  }
}

function framed() {
  try {
    return window.parent !== window && window.parent.location.origin === location.origin;
  } catch {
    return false; // another origin's page shows this one
  }
}
