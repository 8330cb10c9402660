// Reads what the page shows from Airflow. Each function returns values of `model.js`, and what could not be read.

import { inTurn, pages } from "./airflow.js";
import { assetOf, failureOf, publicationOf, withRecord } from "./model.js";
import { timeKey } from "./partitions.js";

const RECENT_EVENTS = 500;
const RECENT_FAILURES = 200;
const MOST_EVENTS = 10_000;
const MOST_RECORDS = 20;
const MOST_RUNS = 60;
const FAILED = ["failed", "upstream_failed"];
const HOUR = 3_600_000;
const KINDS = new Map([[HOUR, "hourly"], [24 * HOUR, "daily"]]);
const WHOLE = "*";

/** Returns the source of data that asks Airflow. */
export function liveSource(get, now) {
  return { live: true, now, catalogue: () => catalogue(get), rest: (known) => rest(get, known), asset: (asset, progress) => one(get, asset, progress) };
}

async function catalogue(get) {
  const notes = [];
  const [assets, events, failures, dags] = await Promise.all([
    pages(get, "assets", "assets", { order_by: "name" }),
    optional(notes, pages(get, "assets/events", "asset_events", { order_by: "-timestamp" }, { most: RECENT_EVENTS })),
    optional(notes, failedTasks(get, "~", {}, RECENT_FAILURES)),
    optional(notes, pages(get, "dags", "dags", {})),
  ]);
  if (failures.total > RECENT_FAILURES) notes.push({ message: `Airflow has ${failures.total.toLocaleString("en-US")} failed tasks`, loss: `only the newest ${RECENT_FAILURES} are looked through: the page of an asset shows all of its own` });
  return {
    assets: assets.entries.map(assetOf),
    publications: events.entries.map(publicationOf),
    complete: events.entries.length >= events.total && !events.lost,
    lost: Boolean(events.lost),
    failures: failures.entries.map((each) => failureOf(each)),
    paused: new Set(dags.entries.filter((dag) => dag.is_paused).map((dag) => dag.dag_id)),
    notes,
  };
}

// What the first answers leave open: assets whose last publication is too old to be among the recent events, of
// which partitions the failures are, and what the checks found that refused the newest publications.
async function rest(get, { assets, publications, complete, lost, failures }) {
  const notes = [];
  const newest = failures.filter((each, place) => failures.findIndex((other) => other.dag === each.dag && other.task === each.task) === place);
  const [older, records, partitions] = await Promise.all([
    complete || lost ? { entries: [], lost } : optional(notes, olderOf(get, assets, publications)),
    optional(notes, recordsOf(get, newest.slice(0, MOST_RECORDS))),
    optional(notes, partitionsOf(get, assets, failures)),
  ]);
  const told = new Map(newest.map((each, place) => [each, recordOf(records.entries[place])]));
  const known = new Map(partitions.entries);
  return {
    publications: older.entries.map(publicationOf),
    complete: !older.lost,
    failures: failures.map((each) => withRecord({ ...each, partition: known.get(each) ?? each.partition }, told.get(each) ?? null)),
    notes,
  };
}

async function olderOf(get, assets, publications) {
  const seen = new Set(publications.map((each) => each.asset));
  const asked = assets.filter((asset) => !seen.has(asset.id) && (asset.lastEventAt !== null || !asset.tellsLastEvent));
  const entries = [];
  await inTurn(asked, 4, async (asset) => {
    const answer = await get("assets/events", { asset_id: asset.id, order_by: "-timestamp", limit: 14 });
    entries.push(...answer.asset_events);
  });
  return { entries };
}

// A task does not tell its partition, its run does: a later publication of another one puts nothing right.
async function partitionsOf(get, assets, failures) {
  const parted = new Set(assets.filter((asset) => asset.partitions !== null).flatMap((asset) => asset.makers.map(({ dag, task }) => `${dag}\n${task}`)));
  const asked = failures.filter((each) => parted.has(`${each.dag}\n${each.task}`)).slice(0, MOST_RUNS);
  const entries = [];
  await inTurn(asked, 4, async (each) => {
    const run = await get(`dags/${encodeURIComponent(each.dag)}/dagRuns/${encodeURIComponent(each.run)}`).catch(unlessGone);
    if (run !== null) entries.push([each, partitionOf(run)]);
  });
  return { entries };
}

async function one(get, asset, progress) {
  const notes = [];
  const query = { asset_id: asset.id, order_by: "-timestamp" };
  const [events, failures, runs] = await Promise.all([
    optional(notes, pages(get, "assets/events", "asset_events", query, { most: MOST_EVENTS, progress })),
    optional(notes, failuresOf(get, asset)),
    optional(notes, runsOf(get, asset)),
  ]);
  const partition = (run) => (asset.partitions === null ? null : partitionOf(run));
  const partitions = new Map(runs.entries.map((run) => [`${run.dag_id}\n${run.dag_run_id}`, partition(run)]));
  const publications = events.entries.map(publicationOf);
  const records = await optional(notes, recordsOf(get, failures.entries.map((each) => failureOf(each)).slice(0, MOST_RECORDS)));
  return {
    publications,
    total: events.total,
    lost: Boolean(events.lost),
    failures: failures.entries.map((each, place) => {
      const key = partitions.get(`${each.dag_id}\n${each.dag_run_id}`) ?? null;
      return failureOf({ ...each, partition_key: key }, recordOf(records.entries[place]));
    }),
    running: runs.entries
      .filter((run) => run.state === "running" || run.state === "queued")
      .map((run) => ({ dag: run.dag_id, run: run.dag_run_id, state: run.state, partition: partition(run) })),
    notes,
  };
}

/**
 * Returns the partition that a DAG run makes, or null: Airflow's own from 3.2 on, before that from its
 * configuration, or the hour or day of a run that a clock has started. `run_partition` in Python is the same rule.
 */
export function partitionOf(run) {
  const key = run.partition_key || (run.conf?.partition ?? null);
  if (key !== null) return key === WHOLE ? null : String(key);
  return run.run_type === "scheduled" ? intervalOf(run) : null;
}

function intervalOf({ data_interval_start: from, data_interval_end: to }) {
  if (!from || !to) return null;
  const kind = KINDS.get(Date.parse(to) - Date.parse(from));
  return kind === undefined ? null : timeKey(kind, Date.parse(from));
}

async function failedTasks(get, dag, query, most) {
  const path = `dags/${encodeURIComponent(dag)}/dagRuns/~/taskInstances`;
  return pages(get, path, "task_instances", { ...query, state: FAILED, order_by: "-run_after" }, { most });
}

async function failuresOf(get, asset) {
  const found = await Promise.all(asset.makers.map(({ dag, task }) => failedTasks(get, dag, { task_id: task }, 100)));
  return { entries: found.flatMap((each) => each.entries) };
}

async function runsOf(get, asset) {
  const dags = [...new Set(asset.makers.map(({ dag }) => dag))];
  const query = { order_by: "-run_after" };
  const found = await Promise.all(
    dags.map((dag) => pages(get, `dags/${encodeURIComponent(dag)}/dagRuns`, "dag_runs", query, { most: 200 })),
  );
  return { entries: found.flatMap((each) => each.entries) };
}

async function recordsOf(get, instances) {
  const entries = [];
  await inTurn(instances, 4, async (each, place) => {
    if (each.state !== "failed") return;
    const parts = ["dags", each.dag, "dagRuns", each.run, "taskInstances", each.task];
    const path = `${parts.map(encodeURIComponent).join("/")}/xcomEntries/typed_assets`;
    // The check may have failed before it could tell anything.
    entries[place] = await get(path, { map_index: each.mapIndex, stringify: false }).catch(unlessGone);
  });
  return { entries };
}

function unlessGone(error) {
  if (error.status === 404) return null;
  throw error;
}

function recordOf(entry) {
  const value = typeof entry?.value === "string" ? parsed(entry.value) : entry?.value;
  return typeof value?.asset === "string" ? value : null;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

// What cannot be read is left out and said; who is not signed in sees nothing at all.
async function optional(notes, promise) {
  try {
    return await promise;
  } catch (error) {
    if (error.status === undefined || error.status === 401) throw error;
    if (!notes.some((note) => note.loss === error.loss)) notes.push(error);
    return { entries: [], total: 0, lost: true };
  }
}
