// The page of one asset: its state and facts, and a tab for each thing one may want to know.

import { checkList } from "./check_list.js";
import { contractTab } from "./contract_tab.js";
import { checksTab } from "./checks_tab.js";
import { freshnessText } from "./catalogue_view.js";
import { breakable, fill, h, mark } from "./dom.js";
import { ago, bytes, count, duration, moment, plural } from "./format.js";
import { historyTab } from "./history_tab.js";
import { lineageTab } from "./lineage_view.js";
import { airflowLink, assetHash } from "./links.js";
import { findings } from "./model.js";
import { overviewTab } from "./overview_tab.js";
import { partitionsTab } from "./partitions_tab.js";
import { STATE_NAMES, unresolved } from "./states.js";

const TABS = [
  ["", "Overview", () => true, overviewTab],
  ["partitions", "Partitions", ({ asset }) => asset.partitions !== null, partitionsTab],
  ["checks", "Checks", () => true, checksTab],
  ["contract", "Contract", () => true, contractTab],
  ["lineage", "Lineage", () => true, lineageTab],
  ["history", "History", () => true, historyTab],
];

const NEVER = { unknown: "Not known" };

/** Shows an asset: `detail` is a row of the store with {total, lost, running, graph, stateOfName, source, notes, now}. */
export function showAsset(root, detail, tab) {
  const shown = TABS.filter(([, , fits]) => fits(detail));
  const [key, , , content] = shown.find(([each]) => each === tab) ?? shown[0];
  const { asset, state } = detail;
  fill(
    root,
    crumbs(asset),
    h("div", { class: "asset-head" }, mark(state, 28), h("div", {}, h("h1", {}, breakable(asset.name)), asset.description ? h("p", { class: "lead" }, asset.description) : null), h("span", { class: `pill pill-${state}` }, STATE_NAMES[state])),
    banners(detail),
    facts(detail),
    detail.notes,
    h("nav", { class: "tabs", "aria-label": "Parts of this page" }, shown.map(([each, title]) => h("a", { href: assetHash(asset.name, each), "aria-current": each === key ? "page" : null }, title))),
    h("div", { class: "tab" }, content(detail)),
    detail.limits,
  );
  const tabs = root.querySelector(".tabs");
  const current = tabs.querySelector("[aria-current]");
  tabs.scrollLeft = current.offsetLeft - (tabs.clientWidth - current.offsetWidth) / 2; // where not all have room
}

function crumbs(asset) {
  const group = asset.group ? [h("span", { "aria-hidden": "true" }, "/"), h("a", { href: `#/?group=${encodeURIComponent(asset.group)}` }, asset.group)] : [];
  return h("nav", { class: "crumbs", "aria-label": "Breadcrumbs" }, h("a", { href: "#/" }, "Catalogue"), group);
}

function facts({ asset, state, attempts, running, paused, schedules, source, now, publishedAt }) {
  const last = attempts.find((attempt) => attempt.kind === "publication");
  const record = last?.record ?? {};
  const dags = [...new Set(asset.makers.map((maker) => maker.dag))];
  const fact = (name, ...value) => h("div", { class: "fact" }, h("dt", {}, name), h("dd", {}, value));
  return h(
    "dl",
    { class: "facts" },
    fact("Published", publishedAt === null ? NEVER[state] ?? "Never" : ago(publishedAt, now), publishedAt === null ? null : h("small", {}, `${moment(publishedAt)} UTC`), last?.partition ? h("small", {}, "partition ", h("span", { class: "mono" }, last.partition)) : null),
    fact("Freshness", freshnessText(asset, publishedAt, now), asset.freshness ? h("small", {}, `at most ${duration(asset.freshness.within)} old`) : null),
    fact("Rows", count(record.rows), h("small", {}, [record.bytes ? bytes(record.bytes) : null, record.seconds ? duration(record.seconds) : null].filter(Boolean).join(" in "))),
    fact("Owner", asset.owners.join(", ") || "–"),
    fact("Made by", dags.length === 0 ? "Outside of Airflow" : dags.map((dag, place) => [place > 0 ? ", " : "", airflowLink(source, { dag }, breakable(dag))]), dags.length === 1 ? h("small", {}, scheduleText(schedules?.get(dags[0]), paused, now)) : null, running.length > 0 ? h("small", { class: "running" }, goingOn(running, source)) : null),
    wide("Place", h("span", { class: "mono" }, asset.uri)),
    asset.watchers.length > 0 ? wide("Watched by", asset.watchers.map(watcherText)) : null,
    asset.tags.length > 0 ? wide("Tags", asset.tags.map((tag) => h("span", { class: "tag" }, tag))) : null,
  );
}

function scheduleText(schedule, paused, now) {
  if (paused) return "DAG paused";
  if (!schedule) return "";
  const summary = schedule.summary === "Asset" ? "started by assets" : schedule.summary ?? "no schedule";
  return [summary, schedule.next === null ? "" : schedule.next > now ? `next ${ago(schedule.next, now)}` : "due now"].filter(Boolean).join(", ");
}

function goingOn(running, source) {
  const text = running.length === 1 ? "A run is going on" : `${count(running.length)} runs are going on`;
  return airflowLink(source, running.length === 1 ? running[0] : { dag: running[0].dag }, text);
}

function wide(name, ...value) {
  return h("div", { class: "fact fact-wide" }, h("dt", {}, name), h("dd", {}, value));
}

function watcherText({ name, trigger }) {
  return h("span", { class: "watcher", title: trigger || null }, name, trigger ? h("span", { class: "muted" }, ` ${trigger.split(".").at(-1)}`) : null);
}

function banners({ asset, attempts, source, now }) {
  const failures = unresolved(attempts, asset.lastEventAt);
  const found = [];
  if (failures.length > 0) found.push(failureBanner(failures, failures[0] === attempts[0], source, now));
  const newest = attempts[0];
  if (newest?.outcome === "warning") {
    found.push(
      h("section", { class: "banner banner-warning", "aria-label": "Warnings" }, mark("warning", 20), h("div", {}, h("h2", {}, `Published with ${plural(findings(newest.record).length, "warning")}`), checkList(findings(newest.record)))),
    );
  }
  return found;
}

function failureBanner(failures, isLast, source, now) {
  const [newest] = failures;
  const title = newest.record ? "Publication refused" : newest.state === "upstream_failed" ? "Not made: an earlier task failed" : isLast ? "The last run failed" : "An earlier run failed";
  const more = failures.length > 1 ? h("p", { class: "muted" }, `${plural(failures.length - 1, "further failure")} not put right yet: see History.`) : null;
  return h(
    "section",
    { class: "banner banner-failed", "aria-label": "Failure" },
    mark("failed", 20),
    h(
      "div",
      {},
      h("h2", {}, title, newest.partition ? [" for ", h("span", { class: "whole" }, newest.partition)] : null),
      h("p", {}, `${ago(newest.at, now)}, nothing was published and nothing downstream was started. `, airflowLink(source, newest, `${newest.dag} › ${newest.task}`)),
      newest.record ? checkList(findings(newest.record)) : null,
      more,
    ),
  );
}
