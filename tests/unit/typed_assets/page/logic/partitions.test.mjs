import assert from "node:assert/strict";
import test from "node:test";
import { load } from "./js.mjs";

const { gridOf, keysOf, missingRanges, partitionStates, tally } = await load("partitions");
const { stepFor, stepped } = await load("grid");

const NOW = Date.parse("2026-03-02T05:30:00Z");
const DAILY = { kind: "daily", start: "2026-02-27" };

test("a day counts when it is over, and the running one is open", () => {
  assert.deepEqual(keysOf(DAILY, NOW), { keys: ["2026-02-27", "2026-02-28", "2026-03-01"], open: "2026-03-02" });
});

test("partitions that have an end are never open, and one in the future has none yet", () => {
  assert.deepEqual(keysOf({ ...DAILY, end: "2026-03-01" }, NOW), { keys: ["2026-02-27", "2026-02-28"], open: null });
  assert.deepEqual(keysOf({ kind: "daily", start: "2027-01-01" }, NOW), { keys: [], open: null });
});

test("hours are hours of UTC, whatever zone they are written in", () => {
  const hourly = { kind: "hourly", start: "2026-03-02T05:00:00+02:00" };
  assert.deepEqual(keysOf(hourly, NOW), { keys: ["2026-03-02T03", "2026-03-02T04"], open: "2026-03-02T05" });
});

test("a product pairs every key of one with every key of the other", () => {
  const product = { kind: "product", first: { ...DAILY, end: "2026-03-01" }, second: { kind: "static", names: ["EWR", "JFK"] } };
  assert.deepEqual(keysOf(product, NOW).keys, ["2026-02-27|EWR", "2026-02-27|JFK", "2026-02-28|EWR", "2026-02-28|JFK"]);
  const grid = gridOf(product, NOW);
  assert.deepEqual([grid.columns, grid.rows[1]], [["EWR", "JFK"], { label: "2026-02-28", keys: ["2026-02-28|EWR", "2026-02-28|JFK"] }]);
});

test("a product whose names come first still runs down in time", () => {
  const product = { kind: "product", first: { kind: "static", names: ["EWR"] }, second: { ...DAILY, end: "2026-03-01" } };
  assert.deepEqual(gridOf(product, NOW).rows, [
    { label: "2026-02-27", keys: ["EWR|2026-02-27"] },
    { label: "2026-02-28", keys: ["EWR|2026-02-28"] },
  ]);
});

test("days lie by month", () => {
  const { rows, columns } = gridOf(DAILY, NOW);
  assert.deepEqual([columns.length, rows.map((row) => row.label)], [31, ["2026-02", "2026-03"]]);
  assert.deepEqual([rows[0].keys[26], rows[0].keys[0], rows[1].keys[1]], ["2026-02-27", null, "2026-03-02"]);
});

test("the newest of what is told about a partition counts", () => {
  const attempts = [
    { partition: "2026-02-28", outcome: "failed" },
    { partition: "2026-02-27", outcome: "warning" },
    { partition: "2026-02-28", outcome: "published" },
    { partition: "1999-01-01", outcome: "published" },
    { partition: null, outcome: "published" },
  ];
  const states = partitionStates(DAILY, attempts, ["2026-03-01"], NOW);
  assert.deepEqual(Object.fromEntries(states), { "2026-02-27": "warning", "2026-02-28": "failed", "2026-03-01": "running", "2026-03-02": "open" });
  assert.deepEqual(tally(states), { published: 0, warning: 1, failed: 1, running: 1, missing: 0, open: 1 });
});

test("neighbours that are missing or failed make one range", () => {
  const states = new Map([["a", "missing"], ["b", "failed"], ["c", "published"], ["d", "missing"], ["e", "open"]]);
  assert.deepEqual(missingRanges(states), [{ first: "a", last: "b", count: 2 }, { first: "d", last: "d", count: 1 }]);
});

test("ten years of hours are counted without being drawn", () => {
  const hourly = { kind: "hourly", start: "2016-01-01T00:00:00+00:00" };
  const states = partitionStates(hourly, [], [], NOW);
  assert.equal(states.size, 89_118);
  assert.equal(gridOf(hourly, NOW).rows.length, 3714);
});

test("more partitions than anybody can look at are cut to the newest", () => {
  const { keys } = keysOf({ kind: "hourly", start: "1980-01-01T00:00:00Z" }, NOW);
  assert.deepEqual([keys.length, keys[keys.length - 1]], [200_000, "2026-03-02T04"]);
});

test("arrow keys go to the next cell that is a partition", () => {
  const grid = { columns: ["", "", ""], rows: [{ keys: ["a", null, "b"] }, { keys: [null, "c", null] }] };
  assert.equal(stepped(grid, null, [0, 1]).key, "c");
  assert.equal(stepped(grid, { row: 0, column: 0 }, [0, 1]).key, "b");
  assert.equal(stepped(grid, { row: 0, column: 0 }, [1, 0]), null);
});

test("cells shrink so that all columns are in sight, but not beyond what can be told apart", () => {
  assert.deepEqual([stepFor(1000, 24), stepFor(470, 31), stepFor(260, 31), stepFor(240, 31)], [19, 15, 8, 19]);
});

test("a product of very many hours and names keeps all names and the newest hours", () => {
  const names = Array.from({ length: 40 }, (_, number) => `tenant_${number}`);
  const hourly = { kind: "hourly", start: "2000-01-01T00:00:00Z" };
  const { keys } = keysOf({ kind: "product", first: hourly, second: { kind: "static", names } }, NOW);
  assert.deepEqual([keys.length, keys[keys.length - 1]], [200_000, "2026-03-02T04|tenant_39"]);
  const turned = keysOf({ kind: "product", first: { kind: "static", names }, second: hourly }, NOW).keys;
  assert.deepEqual([turned.length, turned[turned.length - 1]], [200_000, "tenant_39|2026-03-02T04"]);
});
