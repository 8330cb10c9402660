// The checks of an asset, each with its results over time.

import { said, saidOfPassed } from "./check_list.js";
import { h, mark } from "./dom.js";
import { moment, plural } from "./format.js";
import { checkSeries } from "./model.js";
import { resultOutcome, resultStrip, scrolled } from "./strips.js";

const SIGNS = { published: "ok", warning: "warning", failed: "failed" };

/** Returns the tab. */
export function checksTab(detail) {
  const { asset } = detail;
  const series = checkSeries(detail.attempts);
  if (series.length === 0) return h("p", { class: "empty panel" }, noResults(detail));
  const failing = series.filter((each) => !last(each).passed).length;
  const text = failing === 0 ? `All ${plural(series.length, "check")} passed last time.` : `${failing} of ${plural(series.length, "check")} did not pass last time.`;
  return h("section", { class: "panel" }, h("h3", {}, "Results over time"), h("p", { class: "muted" }, `${text} The newest result stands at the right.`), checkStrips(series, 60, asset));
}

/** Returns why no check has a result. */
export function noResults({ asset, lost }) {
  if (lost) return "Results stand with the publications, which could not be read.";
  if (!asset.contract && asset.checks.length === 0) return "This asset declares neither a contract nor checks.";
  return "Nothing has been checked yet: results appear with the first publication.";
}

function last(each) {
  return each.results[each.results.length - 1];
}

/** Returns a strip for each check: name, what was found last, and the results. */
export function checkStrips(series, slots, asset = null) {
  const described = new Map((asset?.checks ?? []).map((check) => [check.name, check.description]));
  return h("ul", { class: "checks" }, series.map((each) => checkRow(each, slots, described.get(each.name))));
}

function checkRow(each, slots, description) {
  const result = last(each);
  const outcome = resultOutcome(result);
  const found = result.passed ? saidOfPassed(result) : said(result);
  return h(
    "li",
    { class: `check check-${outcome}` },
    mark(SIGNS[outcome], 16),
    h(
      "div",
      { class: "check-text" },
      h("code", {}, each.name),
      each.severity === "warn" ? h("span", { class: "pill" }, "only warns") : null,
      found ? h("p", { class: "muted", title: `${moment(result.at)} UTC` }, found) : h("span", { class: "hidden" }, "passed"),
      description ? h("p", { class: "muted" }, description) : null,
    ),
    scrolled(resultStrip(each.results, slots)),
  );
}
