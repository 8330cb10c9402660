// Every publication and every failure of an asset, newest first.

import { checkList } from "./check_list.js";
import { h, mark } from "./dom.js";
import { ago, bytes, count, duration, moment, plural } from "./format.js";
import { airflowLink } from "./links.js";
import { findings } from "./model.js";
import { outcomeWord } from "./strips.js";

const STEP = 50;
const SIGNS = { published: "ok", warning: "warning", failed: "failed" };

/** Returns the tab. */
export function historyTab(detail) {
  const { attempts } = detail;
  const box = h("section", { class: "panel" }, h("h3", {}, "Publications and failures"));
  if (attempts.length === 0) {
    box.append(attemptList(detail, attempts));
    return box;
  }
  let shown = 0;
  const more = h("button", { type: "button", class: "button", onclick: () => next() }, "Show older");
  const next = () => {
    more.before(attemptList(detail, attempts.slice(shown, shown + STEP)));
    shown += STEP;
    more.hidden = shown >= attempts.length;
  };
  box.append(more);
  next();
  return box;
}

/** Returns a list of publications and failures. */
export function attemptList(detail, attempts) {
  if (attempts.length === 0) return h("p", { class: "empty" }, detail.lost ? "Publications could not be read." : "This asset has not been published yet.");
  return h("ol", { class: "attempts" }, attempts.map((attempt) => item(attempt, detail)));
}

function item(attempt, { source, now }) {
  const record = attempt.record ?? {};
  const figures = [
    typeof record.rows === "number" ? plural(record.rows, "row") : null,
    record.bytes ? bytes(record.bytes) : null,
    typeof record.seconds === "number" ? duration(record.seconds) : null,
    record.quarantined ? `${count(record.quarantined)} in quarantine` : null,
    attempt.by ? `by ${attempt.by}` : null,
  ];
  const found = findings(attempt.record);
  return h(
    "li",
    { class: `attempt attempt-${attempt.outcome}` },
    mark(SIGNS[attempt.outcome], 18),
    h(
      "div",
      {},
      h("p", { class: "attempt-head" }, h("strong", {}, outcomeWord(attempt)), attempt.partition ? h("span", { class: "tag mono" }, attempt.partition) : null, h("time", { title: `${moment(attempt.at)} UTC` }, ago(attempt.at, now))),
      h("p", { class: "muted" }, figures.filter(Boolean).join(" · "), figures.some(Boolean) && attempt.run ? " · " : "", attempt.run ? airflowLink(source, attempt, attempt.run) : null),
      found.length > 0 ? checkList(found) : null,
      attempt.triggered.length > 0 ? h("p", { class: "muted" }, "Started ", attempt.triggered.map((run, place) => [place > 0 ? ", " : "", airflowLink(source, run, run.dag)])) : null,
    ),
  );
}
