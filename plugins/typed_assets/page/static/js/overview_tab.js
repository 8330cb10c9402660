// The overview of an asset: rows and duration, the latest checks, what is missing, and its neighbours.

import { chart } from "./charts.js";
import { checkStrips, noResults } from "./checks_tab.js";
import { h } from "./dom.js";
import { bytes, duration, plural, unitOfTime } from "./format.js";
import { assetHash } from "./links.js";
import { neighbours } from "./lineage_view.js";
import { checkSeries, measured, newestOfEach } from "./model.js";
import { partitionSummary } from "./partitions_tab.js";
import { attemptList } from "./history_tab.js";

const MOST_CHECKS = 6;

/** Returns the overview. */
export function overviewTab(detail) {
  const { asset, attempts } = detail;
  const series = checkSeries(attempts);
  const shown = asset.partitions ? newestOfEach(attempts) : attempts;
  const sized = measured(shown, "bytes");
  const charts = [
    chart({ title: "Rows", points: measured(shown, "rows"), write: (value) => plural(value, "row") }),
    chart({ title: "Duration", points: measured(shown, "seconds"), write: duration, unit: unitOfTime }),
    sized.length > 0 ? chart({ title: "Size", points: sized, write: bytes, unit: unitOfSize }) : null,
  ];
  return h(
    "div",
    { class: "panels" },
    attempts.length > 0 ? h("div", { class: "charts" }, charts) : null,
    h(
      "section",
      { class: "panel" },
      h("div", { class: "panel-head" }, h("h3", {}, "Checks"), series.length > MOST_CHECKS ? h("a", { href: assetHash(asset.name, "checks") }, `All ${series.length}`) : null),
      series.length === 0 ? h("p", { class: "empty" }, noResults(detail)) : checkStrips(series.slice(0, MOST_CHECKS), 20),
    ),
    asset.partitions ? partitionSummary(detail) : latest(detail),
    h("section", { class: "panel panel-wide" }, h("h3", {}, "Made of, and used by"), neighbours(detail)),
    asset.partitions ? latest(detail, "panel-wide") : null,
  );
}

function unitOfSize(greatest) {
  const [size, name] = [[1e12, "TB"], [1e9, "GB"], [1e6, "MB"], [1e3, "kB"]].find(([size]) => greatest >= size) ?? [1, "B"];
  return { size, name, whole: size === 1 };
}

function latest(detail, width = "") {
  return h(
    "section",
    { class: `panel ${width}` },
    h("div", { class: "panel-head" }, h("h3", {}, "Latest"), h("a", { href: assetHash(detail.asset.name, "history") }, "History")),
    attemptList(detail, detail.attempts.slice(0, 5)),
  );
}
