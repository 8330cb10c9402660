// Failed checks, with what was found and what had to be.

import { h } from "./dom.js";
import { plural } from "./format.js";

// How many rows break the rule; where some were put aside, that is said behind it.
const COUNT = /^\d+ of \d+ rows\b/;

/** Returns failed checks with what was found and what had to be. */
export function checkList(checks) {
  return h(
    "ul",
    { class: "check-list" },
    checks.map((check) =>
      h(
        "li",
        {},
        h("code", {}, check.name),
        h("span", {}, said(check)),
        check.severity === "warn" ? h("span", { class: "pill pill-warning" }, "only warns") : null,
      ),
    ),
  );
}

/** Returns what a check found, in words: how many rows break it, what was found, and what had to be. */
export function said(check) {
  const counted = COUNT.test(check.observed ?? "");
  const parts = [
    counted ? check.observed.replace(COUNT, "$& break it") : null,
    !check.observed && check.violations > 0 ? plural(check.violations, "row") + (check.violations === 1 ? " breaks it" : " break it") : null,
    !counted && check.observed ? `found ${check.observed}` : null,
    check.expected ? `expected ${check.expected}` : null,
  ];
  return parts.filter(Boolean).join(" · ");
}

/** Returns what a check that passed found; nothing where that is only that no row breaks the rule. */
export function saidOfPassed({ observed = "" }) {
  return observed.startsWith("0 of ") ? "" : observed;
}
