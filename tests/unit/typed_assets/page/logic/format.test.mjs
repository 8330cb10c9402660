import assert from "node:assert/strict";
import test from "node:test";
import { load } from "./js.mjs";

const { ago, brief, bytes, count, duration, moment, plural, unitOfTime } = await load("format");

test("a duration has at most two units", () => {
  assert.deepEqual([0, 0.44, 7, 65, 3600, 3661, 90_000, 900_000].map(duration), ["0 s", "440 ms", "7 s", "1 min 5 s", "1 h", "1 h 1 min", "1 d 1 h", "10 d 10 h"]);
  assert.deepEqual([null, undefined, Number.NaN].map(duration), ["–", "–", "–"]);
});

test("an axis of time has the unit that fits", () => {
  assert.deepEqual([0.3, 1, 119, 120, 7200, 200_000].map((seconds) => unitOfTime(seconds).name), ["ms", "s", "s", "min", "h", "d"]);
});

test("how long ago is said in one unit, and in hours up to two days", () => {
  const now = Date.parse("2026-01-10T00:00:00Z");
  const before = (seconds) => ago(now - seconds * 1000, now);
  assert.deepEqual([1, 90, 7200, 100_000, 400_000].map(before), ["just now", "1 min ago", "2 h ago", "27 h ago", "4 d ago"]);
  assert.equal(before(-7200), "in 2 h");
});

test("numbers are short where there is little room", () => {
  assert.deepEqual([0, 0.5, 999, 1000, 12_345, 337_000, 5e6].map(brief), ["0", "0.5", "999", "1k", "12k", "337k", "5M"]);
  assert.deepEqual([12, 1536, 2e9, null].map(bytes), ["12 B", "1.5 kB", "2 GB", "–"]);
  assert.deepEqual([count(336_776), count(null), plural(1, "row"), plural(2000, "row")], ["336,776", "–", "1 row", "2,000 rows"]);
});

test("moments are in UTC", () => {
  assert.equal(moment(Date.parse("2026-01-31T05:04:59+02:00")), "2026-01-31 03:04");
});
