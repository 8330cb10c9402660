import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

const css = readFileSync(new URL("../../../../../plugins/typed_assets/page/static/css/colours.css", import.meta.url), "utf8");
const colours = (block) => Object.fromEntries([...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map((found) => [found[1], found[2]]));
const [light, dark] = css.split(":root[data-theme").map(colours);
const themes = { light, dark: { ...light, ...dark } };

const luminance = (hex) => {
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};
const contrast = (one, other) => {
  const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
};

// https://www.w3.org/TR/WCAG22/#contrast-minimum and #non-text-contrast
const STATES = ["ok", "warning", "late", "failed", "external", "running"];
const TEXT = [
  ...["surface", "page", "hover", "raised"].flatMap((on) => ["text", "muted", "accent"].map((text) => [text, on])),
  ...STATES.map((state) => [state, `${state}-soft`]),
  ...[...STATES, "never"].map((state) => [state, "surface"]),
  ["muted", "never-soft"],
  ["text", "accent-soft"],
  ["muted", "failed-soft"],
];
const SHAPES = ["ok", "warning", "late", "failed", "never", "external", "block-failed"].map((state) => [state, "surface"]);

for (const [name, theme] of Object.entries(themes)) {
  const low = (pairs, least) => pairs.filter(([one, other]) => contrast(theme[one], theme[other]) < least).map(([one, other]) => `${one} on ${other}: ${contrast(theme[one], theme[other]).toFixed(2)}`);

  test(`text can be read in the ${name} theme`, () => assert.deepEqual(low(TEXT, 4.5), []));
  test(`marks can be seen in the ${name} theme`, () => assert.deepEqual(low(SHAPES, 3), []));
}
