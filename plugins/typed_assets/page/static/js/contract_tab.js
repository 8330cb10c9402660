// The contract of an asset: its columns and rules, and how it changed.

import { columnRules, contractHistory, range } from "./contracts.js";
import { breakable, h } from "./dom.js";
import { duration, moment } from "./format.js";
import { airflowLink } from "./links.js";

const LONG = 90; // a rule that is longer is opened by a click

/** Returns the tab. */
export function contractTab({ asset, attempts, source }) {
  const publications = attempts.filter((attempt) => attempt.kind === "publication");
  return h(
    "div",
    { class: "panels panels-one" },
    asset.contract ? columns(asset.contract) : h("p", { class: "empty panel" }, "This asset declares no contract: its data is published as it comes."),
    asset.contract ? rules(asset.contract, asset) : null,
    changes(contractHistory(publications), source),
  );
}

function columns(contract) {
  return h(
    "section",
    { class: "panel" },
    h("h3", {}, "Columns"),
    h(
      "div",
      { class: "table-box" },
      h(
        "table",
        { class: "plain columns" },
        h("thead", {}, h("tr", {}, ["Column", "Type", "Rules", "Description"].map((title) => h("th", { scope: "col" }, title)))),
        h("tbody", {}, (contract.columns ?? []).map(columnRow)),
      ),
    ),
  );
}

function columnRow(column) {
  const rules = columnRules(column);
  return h(
    "tr",
    {},
    h("th", { scope: "row" }, h("code", {}, breakable(column.name))),
    h("td", { class: "type" }, column.type),
    h("td", {}, rules.map(ruleTag), column.severity === "warn" ? h("span", { class: "pill pill-warning" }, "only warns") : null),
    h("td", { class: "muted" }, column.description ?? ""),
  );
}

function ruleTag(rule) {
  if (rule.length <= LONG) return h("span", { class: "tag" }, rule);
  return h("details", { class: "tag" }, h("summary", {}, `${rule.slice(0, LONG).replace(/\W*\w*$/, "")} …`), rule);
}

function rules(contract, asset) {
  const found = [
    ...(contract.rows ? [["Rows", range(contract.rows.minimum ?? 1, contract.rows.maximum), contract.rows.severity]] : []),
    ...(contract.fresh ? [["Newest row", `${contract.fresh.column}, at most ${duration(contract.fresh.within)} old`, contract.fresh.severity]] : []),
    ...(contract.keys ?? []).map((key) => ["Key", `${key.join(", ")} together occur once`, "block"]),
    ...(contract.rules ?? []).map((rule) => [rule.name, h("code", {}, rule.sql), rule.severity]),
    ...asset.checks.map((check) => [check.name, check.description || h("code", {}, check.run), check.severity]),
    ...(contract.closed ? [["Closed", "no column but these", "block"]] : []),
    ...(asset.quarantine ? [["Quarantine", `rows that break the contract go to ${asset.quarantine.uri}; where they are more than ${Math.round(asset.quarantine.max_share * 1000) / 10} % of all, nothing is published`, "block"]] : []),
  ];
  if (found.length === 0) return null;
  const row = ([name, text, severity]) => h("div", { class: "rule-row" }, h("dt", {}, name), h("dd", {}, text, severity === "warn" ? h("span", { class: "pill pill-warning" }, "only warns") : null));
  return h("section", { class: "panel" }, h("h3", {}, "Rules for the whole"), h("dl", { class: "rules" }, found.map(row)));
}

function changes(found, source) {
  const head = h("h3", {}, "Changes");
  if (found.length === 0) return h("section", { class: "panel" }, head, h("p", { class: "empty" }, "The contract has been the same in all publications that are shown."));
  return h("section", { class: "panel" }, head, h("ol", { class: "timeline" }, found.map((change) => changeItem(change, source))));
}

function changeItem(change, source) {
  return h(
    "li",
    {},
    h("p", {}, h("time", {}, `${moment(change.at)} UTC`), " ", airflowLink(source, change, change.dag ?? "")),
    h("ul", { class: "diff" }, change.changes.map(termRow), change.schema && change.changes.length === 0 ? h("li", { class: "diff-changed" }, "The columns that were found differ from those before") : null),
  );
}

function termRow({ term, before, after }) {
  if (before === null) return h("li", { class: "diff-added" }, h("code", {}, term), " ", h("ins", {}, after));
  if (after === null) return h("li", { class: "diff-removed" }, h("code", {}, term), " ", h("del", {}, before));
  return h("li", { class: "diff-changed" }, h("code", {}, term), " ", h("del", {}, before), " ", h("ins", {}, after));
}
