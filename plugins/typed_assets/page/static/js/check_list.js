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

function said(check) {
  const parts = [
    check.violations > 0 ? plural(check.violations, "row") + (check.violations === 1 ? " breaks it" : " break it") : null,
    check.observed ? `found ${check.observed}` : null,
    check.expected ? `expected ${check.expected}` : null,
  ];
  return parts.filter(Boolean).join(" · ");
}
