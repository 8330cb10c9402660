import assert from "node:assert/strict";
import test from "node:test";
import { load } from "./js.mjs";

const { ApiError, airflow, browserToken, inTurn, pages } = await load("airflow");

const base = new URL("https://airflow/api/v2/");
const json = (status, body) => ({ ok: status < 400, status, json: async () => body });
const called = (answers) => {
  const calls = [];
  const fetch = async (url, { headers }) => {
    calls.push({ url: String(url), headers });
    return answers(calls.length, url);
  };
  return { calls, fetch };
};

test("the session's cookie is enough where Airflow reads it", async () => {
  const { calls, fetch } = called(() => json(200, { a: 1 }));
  const get = airflow({ base, fetch, token: () => "kept" });
  assert.deepEqual(await get("assets", { state: ["x", "y"], limit: 1 }), { a: 1 });
  assert.deepEqual(calls, [{ url: "https://airflow/api/v2/assets?state=x&state=y&limit=1", headers: { Accept: "application/json" } }]);
});

test("Airflow 3.0 gets the token that its own page keeps, from then on", async () => {
  const { calls, fetch } = called((number) => (number === 1 ? json(401, {}) : json(200, {})));
  const get = airflow({ base, fetch, token: () => "kept" });
  await get("assets");
  await get("dags");
  assert.deepEqual(calls.map((call) => call.headers.Authorization), [undefined, "Bearer kept", "Bearer kept"]);
});

test("requests that were refused together are all asked again", async () => {
  const { calls, fetch } = called((number) => (number <= 3 ? json(401, {}) : json(200, {})));
  const get = airflow({ base, fetch, token: () => "kept" });
  await Promise.all(["assets", "dags", "assets/events"].map((path) => get(path)));
  assert.equal(calls.length, 6);
});

test("a token that has run out gives way to the one of the next sign-in", async () => {
  let kept = "old";
  const { calls, fetch } = called((number) => (number === 3 || number === 1 ? json(401, {}) : json(200, {})));
  const get = airflow({ base, fetch, token: () => kept });
  await get("assets");
  kept = "new";
  await get("assets");
  assert.deepEqual(calls.map((call) => call.headers.Authorization), [undefined, "Bearer old", "Bearer old", "Bearer new"]);
});

test("a token of another Airflow, which 3.0 forbids, is no missing right", async () => {
  const { fetch } = called(() => json(403, { detail: "Invalid JWT token" }));
  await assert.rejects(airflow({ base, fetch, token: () => "foreign" })("assets"), { status: 401, right: null });
});

test("a sign-in page in place of an answer means that the session is over", async () => {
  const page = { ok: true, status: 200, redirected: true, json: async () => JSON.parse("<html>") };
  await assert.rejects(airflow({ base, fetch: async () => page, token: () => null })("assets"), { status: 401 });
});

test("who is not signed in is told so", async () => {
  const { fetch } = called(() => json(401, {}));
  await assert.rejects(airflow({ base, fetch, token: () => null })("assets"), { status: 401, message: "You are not signed in to Airflow" });
});

test("403 names the right that is missing", async () => {
  const { fetch } = called(() => json(403, { detail: "Forbidden" }));
  const get = airflow({ base, fetch, token: () => null });
  const right = async (path) => (await get(path).catch((error) => error)).right;
  assert.deepEqual(await Promise.all(["assets", "assets/events", "dags", "dags/d/dagRuns", "dags/d/dagRuns/~/taskInstances", "dags/d/dagRuns/r/taskInstances/t/xcomEntries/k"].map(right)), ["can read on Assets and on Asset Aliases", "can read on Assets", "can read on DAGs", "can read on DAG Runs", "can read on Task Instances", "can read on XComs"]);
});

test("a server that does not answer is an error of its own, and other answers are told", async () => {
  const lost = airflow({ base, fetch: async () => Promise.reject(new TypeError("network")), token: () => null });
  await assert.rejects(lost("assets"), (error) => error instanceof ApiError && error.status === 0 && error.message === "Airflow does not answer");
  const { fetch } = called(() => json(500, { detail: "boom" }));
  await assert.rejects(airflow({ base, fetch, token: () => null })("assets"), { message: "Airflow answers 500: boom" });
});

test("pages are as long as Airflow makes them, which may be shorter than asked for", async () => {
  const all = Array.from({ length: 125 }, (_, place) => place);
  const asked = [];
  const get = async (_, { limit, offset }) => {
    asked.push([limit, offset]);
    return { things: all.slice(offset, offset + Math.min(limit, 50)), total_entries: all.length };
  };
  const found = await pages(get, "x", "things");
  assert.deepEqual([found.entries, found.total, asked], [all, 125, [[100, 0], [50, 50], [50, 100]]]);
  assert.deepEqual((await pages(get, "x", "things", {}, { most: 60 })).entries, all.slice(0, 60));
  assert.deepEqual((await pages(async () => ({ things: [], total_entries: 9 }), "x", "things")).entries, []);
});

test("only so many requests run abreast", async () => {
  let [running, most] = [0, 0];
  await inTurn(Array.from({ length: 9 }), 3, async () => {
    most = Math.max(most, (running += 1));
    await new Promise((done) => setTimeout(done, 1));
    running -= 1;
  });
  assert.equal(most, 3);
});

test("the token is looked for where Airflow 3.0 keeps it", () => {
  const storage = (token) => ({ getItem: () => token });
  assert.deepEqual([browserToken(storage("s"), ""), browserToken(storage(null), "x=1; _token=c"), browserToken(storage(null), "x=1")], ["s", "c", null]);
  assert.equal(browserToken(storage("old"), "_token=new"), "new"); // signed in anew: its page has not taken it yet
});
