import assert from "node:assert/strict";
import test from "node:test";
import { load } from "./js.mjs";

const { assetOf, attemptsOf, checkSeries, failureOf, findings, measured, newestOfEach, publicationOf } = await load("model");
const { said, saidOfPassed } = await load("check_list");
const { freshnessOf, stateOf, unresolved } = await load("states");
const { contractHistory, termChanges, columnRules } = await load("contracts");
const { around, graphOf, reach } = await load("lineage");
const { arranged, filtered } = await load("search");
const { assetHash, routeOf, airflowPath } = await load("links");
const { liveSource } = await load("live");
const { partitionOf } = await load("runs");
const { themeOf } = await load("theme");
const { ticks, places } = await load("scales");

const BARE = { id: 1, name: "a", uri: "s3://b/a/", group: "asset", extra: {}, producing_tasks: [{ dag_id: "d", task_id: "a.check" }], aliases: [] };
const asset = (name, declared = {}, rest = {}) => assetOf({ ...BARE, name, extra: { typed_assets: { name, uri: BARE.uri, ...declared } }, ...rest });
const published = (at, rest = {}) => ({ kind: "publication", outcome: "published", at, partition: null, record: null, triggered: [], ...rest });
const failed = (at, rest = {}) => ({ kind: "failure", outcome: "failed", at, partition: null, record: null, triggered: [], ...rest });

test("an asset of 3.0.6 names its readers differently and does not tell its last event", () => {
  const old = assetOf({ ...BARE, consuming_dags: [{ dag_id: "reader" }] });
  assert.deepEqual([old.readers, old.tellsLastEvent, old.declared, old.group], [["reader"], false, false, ""]);
  const event = { id: 3, timestamp: "2026-01-01T00:00:00Z" };
  const now = assetOf({ ...BARE, scheduled_dags: [{ dag_id: "r" }], consuming_tasks: [{ dag_id: "r", task_id: "t" }], watchers: [], last_asset_event: event });
  assert.deepEqual([now.readers, now.tellsLastEvent, now.lastEventAt], [["r"], true, Date.parse(event.timestamp)]);
});

test("a partition comes from Airflow where it knows partitions, else from the record or the run's configuration", () => {
  const event = { asset_id: 1, timestamp: "2026-01-01T00:00:00Z", extra: { typed_assets: { partition: "p", checks: [] } } };
  assert.equal(publicationOf(event).partition, "p");
  assert.equal(publicationOf({ ...event, partition_key: "q" }).partition, "q");
  assert.deepEqual([partitionOf({ conf: { partition: "c" } }), partitionOf({ conf: {}, partition_key: "k" }), partitionOf({ conf: null })], ["c", "k", null]);
});

test("the hour or day of a run that a clock has started is its partition where Airflow carries none", () => {
  const run = (from, to, rest = {}) => partitionOf({ run_type: "scheduled", conf: {}, data_interval_start: from, data_interval_end: to, ...rest });
  const day = ["2026-01-05T02:30:00Z", "2026-01-06T02:30:00Z"];
  assert.deepEqual(
    [run(...day), run("2026-01-05T23:05:00-01:00", "2026-01-06T00:05:00-01:00"), run("2026-01-05T00:00:00Z", "2026-01-12T00:00:00Z"), run(null, null), run(undefined, undefined)],
    ["2026-01-05", "2026-01-06T00", null, null, null],
  );
  assert.deepEqual(
    [run(...day, { run_type: "manual" }), run(...day, { conf: { partition: "c" } }), run(...day, { partition_key: "k" }), run(...day, { partition_key: "*" })],
    [null, "c", "k", null],
  );
});

test("a failed day of a clock on Airflow 3.0 is put right by that day only, and an asset without partitions by any", async () => {
  const runs = ["05", "06"].map((day, place) => ({
    ...{ dag_id: "d", dag_run_id: day, state: place === 0 ? "failed" : "success", run_type: "scheduled", conf: {} },
    ...{ data_interval_start: `2026-01-${day}T00:00:00Z`, data_interval_end: `2026-01-0${Number(day) + 1}T00:00:00Z` },
  }));
  const event = (partition) => ({ asset_id: 1, timestamp: "2026-01-07T00:01:00Z", extra: { typed_assets: { partition, checks: [] } } });
  const instance = { dag_id: "d", dag_run_id: "05", task_id: "a.check", state: "upstream_failed", run_after: "2026-01-06T00:00:00Z" };
  const source = (partition) => {
    const answers = { "assets/events": { asset_events: [event(partition)] }, "dags/d/dagRuns": { dag_runs: runs }, "dags/d/dagRuns/~/taskInstances": { task_instances: [instance] } };
    return liveSource(async (path) => answers[path] ?? { value: null }, 0);
  };
  const left = async (partition, declared) => {
    const { publications, failures } = await source(partition).asset(asset("a", declared));
    return unresolved(attemptsOf(publications, failures)).map((each) => each.partition);
  };
  const partitions = { kind: "daily", start: "2026-01-01" };
  assert.deepEqual(await left("2026-01-06", { partitions }), ["2026-01-05"]);
  assert.deepEqual(await left("2026-01-05", { partitions }), []);
  assert.deepEqual(await left(null, {}), []);
});

test("a failure counts for its partition only where all publications since are known", async () => {
  const at = (minute) => new Date(Date.UTC(2026, 0, 1) + minute * 60_000).toISOString();
  const event = (asset_id, minute, partition) => ({ asset_id, timestamp: at(minute), partition_key: partition, extra: {} });
  const left = async (later, healed) => {
    const events = [
      ...Array.from({ length: 500 }, (_, place) => event(2, 9000 - place, null)),
      ...Array.from({ length: later }, (_, place) => event(1, 3000 - place, `p${place}`)),
      ...(healed ? [event(1, 101, "P")] : []),
    ];
    const parts = { kind: "static", names: ["P"] };
    const answers = {
      assets: () => ({ assets: [{ ...BARE, extra: { typed_assets: { partitions: parts } } }, { ...BARE, id: 2, name: "b", producing_tasks: [] }] }),
      "assets/events": ({ asset_id, offset, limit }) => {
        const found = events.filter((each) => asset_id === undefined || each.asset_id === asset_id);
        return { asset_events: found.slice(offset, offset + limit), total_entries: found.length };
      },
      "dags/~/dagRuns/~/taskInstances": () => ({ task_instances: [{ dag_id: "d", dag_run_id: "r", task_id: "a.check", state: "upstream_failed", end_date: at(100) }] }),
      "dags/~/dagRuns": () => ({ dag_runs: [{ dag_id: "d", dag_run_id: "r", state: "failed", partition_key: "P" }] }),
      dags: () => ({ dags: [] }),
    };
    const source = liveSource(async (path, query) => answers[path](query), 0);
    const { publications, failures, unknown } = await source.rest(await source.catalogue());
    const own = publications.filter((each) => each.asset === 1);
    return [unresolved(attemptsOf(own, failures)).map((each) => each.partition), unknown];
  };
  assert.deepEqual(await left(20, true), [[], 0]);
  assert.deepEqual(await left(20, false), [["P"], 0]);
  assert.deepEqual(await left(1200, false), [[], 1]);
});

test("a publication with a failed check is one with a warning", () => {
  const checks = [{ name: "x", passed: false, severity: "warn" }];
  const event = { asset_id: 1, timestamp: "2026-01-01T00:00:00Z", extra: { typed_assets: { checks } } };
  assert.equal(publicationOf(event).outcome, "warning");
  assert.equal(publicationOf({ ...event, extra: { from_rest_api: true } }).by, "the API");
});

test("a task that never ran is a failure at the time of its run", () => {
  const instance = { dag_id: "d", dag_run_id: "r", task_id: "t", state: "upstream_failed", start_date: null, end_date: null, run_after: "2026-01-01T00:00:00Z" };
  assert.equal(failureOf(instance).at, Date.parse("2026-01-01T00:00:00Z"));
});

test("findings that block come first", () => {
  const checks = [{ name: "w", passed: false, severity: "warn" }, { name: "p", passed: true }, { name: "b", passed: false, severity: "block" }];
  assert.deepEqual(findings({ checks }).map((check) => check.name), ["b", "w"]);
});

test("a finding says how many rows break the rule, and where they are", () => {
  const found = (observed, expected = "") => said({ observed, expected, violations: 3 });
  assert.equal(found("3 of 9 rows, 2 of them in quarantine", "at least 0"), "3 of 9 rows break it, 2 of them in quarantine · expected at least 0");
  assert.equal(found("7 rows", "8 to 9 rows"), "found 7 rows · expected 8 to 9 rows");
  assert.equal(found(""), "3 rows break it");
  assert.deepEqual(["0 of 9 rows", "1 of 9 rows, 1 of them in quarantine", "4 columns", undefined].map((observed) => saidOfPassed({ observed })), ["", "1 of 9 rows, 1 of them in quarantine", "4 columns", ""]);
});

test("checks that fail now stand first, their results oldest first", () => {
  const record = (good) => ({ checks: [{ name: "a", passed: true, severity: "block" }, { name: "z", passed: good, severity: "block" }] });
  const series = checkSeries([failed(2, { record: record(false) }), published(1, { record: record(true) })]);
  assert.deepEqual(series.map((each) => each.name), ["z", "a"]);
  assert.deepEqual(series[0].results.map((each) => each.passed), [true, false]);
});

test("what is measured runs from the oldest on and leaves out what was not", () => {
  const attempts = [published(3, { record: { rows: 3 } }), published(2), published(1, { record: { rows: 0 } })];
  assert.deepEqual(measured(attempts, "rows").map((each) => each.value), [0, 3]);
});

test("of each partition its newest record counts, at the place of its time", () => {
  const attempt = (at, partition, rows) => published(at, { partition, record: rows === null ? null : { rows } });
  const attempts = [attempt(5, "b", null), attempt(4, "a", 40), attempt(3, "c", 30), attempt(2, "b", 20), attempt(1, "a", 10), published(0, { record: { rows: 0 } })];
  assert.deepEqual(measured(newestOfEach(attempts), "rows").map((each) => each.value), [40, 20, 30]);
});

test("an asset is late when its policy says so, and due soon before", () => {
  const policy = asset("a", { freshness: { within: 100, warn_within: 50 } });
  assert.deepEqual(freshnessOf(policy, 0, 40_000), { kind: "fresh", seconds: 60 });
  assert.deepEqual(freshnessOf(policy, 0, 60_000), { kind: "soon", seconds: 40 });
  assert.deepEqual(freshnessOf(policy, 0, 130_000), { kind: "late", seconds: 30 });
  assert.equal(freshnessOf(asset("a"), 0, 1e12).kind, "none");
  assert.equal(freshnessOf(policy, null, 0).kind, "never");
});

test("the state of an asset is what its reader wants to know first", () => {
  const plain = asset("a");
  assert.equal(stateOf(plain, [], 0), "never");
  assert.equal(stateOf(asset("a", {}, { producing_tasks: [] }), [], 0), "external");
  assert.equal(stateOf(plain, [published(1)], 2), "ok");
  assert.equal(stateOf(plain, [published(1, { outcome: "warning" })], 2), "warning");
  assert.equal(stateOf(plain, [failed(2), published(1)], 3), "failed");
  assert.equal(stateOf(plain, [published(2), failed(1)], 3), "ok");
  assert.equal(stateOf(asset("a", { freshness: { within: 1 } }), [published(0)], 5000), "late");
});

test("an asset of which not all publications could be read is not called unpublished", () => {
  assert.equal(stateOf(asset("a"), [], 0, false), "unknown");
  assert.equal(stateOf(asset("a"), [published(1)], 2, false), "ok");
});

test("watchers come from Airflow, and their triggers from what the author declares", () => {
  const declared = { watchers: [{ name: "files", trigger: "a.b.SqsTrigger" }] };
  assert.deepEqual(asset("a", declared).watchers, [{ name: "files", trigger: "a.b.SqsTrigger" }]);
  assert.deepEqual(asset("a", declared, { watchers: [{ name: "files" }, { name: "other" }] }).watchers, [{ name: "files", trigger: "a.b.SqsTrigger" }, { name: "other", trigger: "" }]);
});

test("a failed partition stays failed until that partition is published", () => {
  const attempts = attemptsOf([published(3, { partition: "b" }), published(1, { partition: "a" })], [failed(2, { partition: "a" })]);
  assert.deepEqual(unresolved(attempts).map((each) => each.partition), ["a"]);
  assert.deepEqual(unresolved([published(4, { partition: "a" }), ...attempts]), []);
});

test("changes of a contract are found between neighbouring publications, newest first", () => {
  const record = (contract, schema_hash) => ({ record: { contract, schema_hash } });
  const history = contractHistory([published(4, record({ rows: "from 2" }, "h2")), published(3, record({ rows: "from 1" }, "h1")), published(2), published(1, record({ rows: "from 1" }, "h1"))]);
  assert.deepEqual(history.map(({ at, changes, schema }) => ({ at, changes, schema })), [{ at: 4, changes: [{ term: "rows", before: "from 1", after: "from 2" }], schema: true }]);
  assert.deepEqual(termChanges({ a: "1" }, { b: "2" }), [{ term: "a", before: "1", after: null }, { term: "b", before: null, after: "2" }]);
});

test("a column's rules are words", () => {
  assert.deepEqual(columnRules({ type: "text", allowed: ["a", "b"], max_bytes: 2 }), ["required", "one of a, b", "at most 2 bytes"]);
  assert.deepEqual(columnRules({ type: "text", nullable: true, min_length: 1, max_length: 3 }), ["1 to 3 characters"]);
  assert.deepEqual(columnRules({ type: "integer", nullable: true, minimum: 0, maximum: 9, unique: true }), ["unique", "0 to 9"]);
});

test("lineage is what authors declare, and Airflow's own references where they declare nothing", () => {
  const graph = graphOf([
    asset("raw", {}, { scheduled_dags: [{ dag_id: "mart_dag" }] }),
    asset("mart", { upstream: [{ asset: "raw", mapping: "rollup" }, { asset: "lost", mapping: "identity" }] }, { producing_tasks: [{ dag_id: "mart_dag", task_id: "t" }] }),
    assetOf({ ...BARE, name: "plain", producing_tasks: [{ dag_id: "mart_dag", task_id: "u" }] }),
  ]);
  assert.deepEqual(graph.edges.map(({ from, to }) => `${from}>${to}`).sort(), ["lost>mart", "raw>mart", "raw>plain"]);
  assert.equal(graph.nodes.get("lost").asset, null);
  assert.deepEqual([...reach(graph, "mart", "up").keys()], ["mart", "raw", "lost"]);
  assert.deepEqual([...around(graph, "raw", "down", 1).nodes.keys()].sort(), ["mart", "plain", "raw"]);
});

test("search looks into names, owners, tags and columns, and every word must be there", () => {
  const rows = [
    { asset: asset("mart.delays", { owners: ["ana"], contract: { columns: [{ name: "carrier", type: "text" }] } }), state: "ok" },
    { asset: asset("lake.flights", { group: "lake", tags: ["daily"] }), state: "failed" },
  ];
  const names = (filters) => filtered(rows, filters).map((row) => row.asset.name);
  assert.deepEqual(names({ q: "CARRIER ana" }), ["mart.delays"]);
  assert.deepEqual(names({ q: "daily" }), ["lake.flights"]);
  assert.deepEqual(names({ state: "failed", group: "lake" }), ["lake.flights"]);
  assert.deepEqual(names({ owner: "bob" }), []);
  assert.deepEqual(arranged(rows, "state").map((section) => section.title), ["Failed", "Good"]);
  assert.deepEqual(arranged(rows, "group").map((section) => section.title), ["lake", "Without a group"]);
});

test("addresses lead to pages, and to Airflow's own", () => {
  assert.deepEqual({ ...routeOf("#/asset/mart.delays/checks"), query: null }, { page: "asset", name: "mart.delays", tab: "checks", query: null });
  assert.deepEqual([routeOf("").page, routeOf("#/?q=x").query.get("q")], ["catalogue", "x"]);
  assert.equal(airflowPath({ dag: "d", run: "scheduled__2026+1", task: "a.b", mapIndex: 2 }), "dags/d/runs/scheduled__2026%2B1/tasks/a.b/mapped/2");
  assert.equal(airflowPath({ dag: "d" }), "dags/d");
});

test("any name that Airflow takes for an asset can stand in an address", () => {
  const name = "s3://bucket/a b?c#d/%e";
  assert.equal(routeOf(assetHash(name, "checks")).name, name);
  assert.equal(routeOf("#/asset/100%").name, "100%");
});

test("the page is light or dark as Airflow is", () => {
  assert.deepEqual([themeOf("dark", false), themeOf("light", true), themeOf("system", true), themeOf(null, false)], ["dark", "light", "dark", "light"]);
});

test("axes have round numbers", () => {
  assert.deepEqual([ticks(902), ticks(0.8), ticks(0)], [[0, 500, 1000], [0, 0.5, 1], [0, 1]]);
  assert.deepEqual([ticks(2, { whole: true }), ticks(7, { whole: true }), ticks(0, { unit: 60 }), ticks(9000, { unit: 3600 })], [[0, 1, 2], [0, 5, 10], [0, 60], [0, 3600, 7200, 10800]]);
  assert.deepEqual([places(3, 5), places(100, 3), places(100, 1)], [[0, 1, 2], [0, 50, 99], [99]]);
});

test("an extra that another has written in a form of its own breaks nothing of the page", async () => {
  const { joined } = await load("store");
  const { partitionStates } = await load("partitions");
  const odd = [null, 1, "x", [], ["x"], {}, { kind: "weekly" }, { kind: "daily", start: "soon" }, { kind: "static", names: "a" }, { kind: "product", first: { kind: "static", names: ["a"] }, second: 1 }, [1], [{}], [null], { name: 1 }, { columns: [{ name: "a", allowed: 1 }] }, { within: "1d" }];
  const keys = ["uri", "description", "group", "owners", "tags", "contract", "partitions", "checks", "upstream", "freshness", "quarantine", "watchers"];
  const assets = [assetOf({ ...BARE, extra: { typed_assets: 1 } }), ...keys.flatMap((key) => odd.map((value) => asset(`${key}_${JSON.stringify(value)}`, { [key]: value })))];
  const events = odd.flatMap((value) => ["checks", "contract", "partition"].map((key) => publicationOf({ asset_id: 1, timestamp: "2026-01-01T00:00:00Z", extra: { typed_assets: { [key]: value } } })));
  const { rows } = joined({ assets, publications: events, failures: [], paused: new Set(), complete: true, whole: null }, Date.now());
  assert.equal(rows.length, assets.length);
  for (const owner of ["me", ""]) filtered(rows, { q: "x", owner });
  for (const each of rows) {
    (each.asset.contract?.columns ?? []).map(columnRules);
    if (each.asset.partitions !== null) partitionStates(each.asset.partitions, each.attempts, [], Date.now());
    checkSeries(each.attempts);
    contractHistory(each.attempts);
  }
  assert.deepEqual([asset("a", { owners: "me" }).owners, asset("a", { owners: ["me"], later: 1 }).owners, asset("a", { partitions: odd[6] }).partitions], [[], ["me"], null]);
});
