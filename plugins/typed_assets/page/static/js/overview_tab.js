// The overview of an asset: rows and duration, the latest checks, what is missing, and its neighbours.

import { chart } from "./charts.js";
import { checkStrips } from "./checks_tab.js";
import { h } from "./dom.js";
import { brief, bytes, duration, plural } from "./format.js";
import { assetHash } from "./links.js";
import { neighbours } from "./lineage_view.js";
import { checkSeries, measured } from "./model.js";
import { partitionSummary } from "./partitions_tab.js";
import { attemptList } from "./history_tab.js";

const MOST_CHECKS = 6;

/** Returns the overview. */
export function overviewTab(detail) {
  const { asset, attempts } = detail;
  const series = checkSeries(attempts);
  const sized = measured(attempts, "bytes");
  const charts = [
    chart({ title: "Rows", points: measured(attempts, "rows"), write: (value) => plural(value, "row"), axis: brief }),
    chart({ title: "Duration", points: measured(attempts, "seconds"), write: duration, axis: (value) => `${brief(value)} s` }),
    sized.length > 0 ? chart({ title: "Size", points: sized, write: bytes, axis: bytes }) : null,
  ];
  return h(
    "div",
    { class: "panels" },
    h("div", { class: "charts" }, charts),
    h(
      "section",
      { class: "panel" },
      h("div", { class: "panel-head" }, h("h3", {}, "Checks"), series.length > MOST_CHECKS ? h("a", { href: assetHash(asset.name, "checks") }, `All ${series.length}`) : null),
      series.length === 0 ? h("p", { class: "empty" }, "No check has run yet.") : checkStrips(series.slice(0, MOST_CHECKS), 20),
    ),
    asset.partitions ? partitionSummary(detail) : latest(detail),
    h("section", { class: "panel panel-wide" }, h("h3", {}, "Made of, and used by"), neighbours(detail)),
    asset.partitions ? latest(detail, "panel-wide") : null,
  );
}

function latest(detail, width = "") {
  return h(
    "section",
    { class: `panel ${width}` },
    h("div", { class: "panel-head" }, h("h3", {}, "Latest"), h("a", { href: assetHash(detail.asset.name, "history") }, "History")),
    attemptList(detail, detail.attempts.slice(0, 5)),
  );
}
