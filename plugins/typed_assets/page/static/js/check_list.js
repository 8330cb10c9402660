// Failed checks, with what was found and what had to be.

import { h } from "./dom.js";
import { plural } from "./format.js";

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
  const counted = isCount(check.observed);
  const parts = [
    counted ? `${check.observed} break it` : null,
    !counted && check.violations > 0 ? plural(check.violations, "row") + (check.violations === 1 ? " breaks it" : " break it") : null,
    !counted && check.observed ? `found ${check.observed}` : null,
    check.expected ? `expected ${check.expected}` : null,
  ];
  return parts.filter(Boolean).join(" · ");
}

/** Returns whether what was observed is how many rows break the rule, as `3 of 842 rows`. */
export function isCount(observed) {
  return /^\d+ of \d+ rows\b/.test(observed ?? "");
}
