// Reads what the page shows from Airflow. Each function returns values of `model.js`, and what could not be read.

import { optional, pages } from "./airflow.js";
import { failedTasks, failuresIn, failuresOf, horizonOf, judgedOf, makerKey, recordsOf, UNASKED } from "./failures.js";
import { assetOf, failureOf, publicationOf, withRecord } from "./model.js";
import { deeperOf, joinedWith, olderOf } from "./publications.js";
import { goesOn, partitionOf, partitionsOf, runsOf } from "./runs.js";

const RECENT_EVENTS = 500;
const RECENT_FAILURES = 200;
const MOST_EVENTS = 10_000;

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
  return {
    assets: assets.entries.map(assetOf),
    publications: events.entries.map(publicationOf),
    complete: events.entries.length >= events.total && !events.lost,
    whole: events.entries.length >= events.total && !events.lost ? null : new Set(),
    lost: Boolean(events.lost),
    failures: failures.entries.map((each) => failureOf(each)),
    horizon: horizonOf(failures),
    paused: new Set(dags.entries.filter((dag) => dag.is_paused).map((dag) => dag.dag_id)),
    schedules: new Map(dags.entries.map((dag) => [dag.dag_id, scheduleOf(dag)])),
    notes,
  };
}

// What the first answers leave open: assets whose last publication is too old to be among the recent events, of
// which partitions the failures are, what the checks found that refused the newest publications, and what runs now.
async function rest(get, { assets, publications, complete, whole, lost, failures }) {
  const notes = [];
  const newest = failures.filter((each, place) => failures.findIndex((other) => other.dag === each.dag && other.task === each.task) === place);
  const [older, told, runs] = await Promise.all([
    complete || lost ? { entries: [], lost } : optional(notes, olderOf(get, assets, publications)),
    recordsOf(get, notes, newest),
    optional(notes, runsOf(get, ["~"])),
  ]);
  const parted = new Set(assets.filter((asset) => asset.partitions !== null).flatMap((asset) => asset.makers.map(makerKey)));
  const unplaced = failures.filter((each) => parted.has(makerKey(each)));
  const partitions = runs.lost ? UNASKED : await optional(notes, partitionsOf(get, unplaced, runs.entries));
  const known = new Map(partitions.entries);
  const placed = failures.map((each) => withRecord({ ...each, partition: known.get(each) ?? each.partition }, told.get(each) ?? null));
  const read = joinedWith({ publications, whole }, older);
  const deeper = complete || older.lost ? {} : await optional(notes, deeperOf(get, assets, read, placed));
  const all = joinedWith(read, deeper);
  const judged = judgedOf(assets, placed, all);
  return {
    ...all,
    complete: !older.lost,
    failures: judged,
    unknown: (partitions.unknown ?? 0) + judged.filter((each) => each.tooOld).length,
    running: runs.entries.filter(goesOn).map((run) => ({ dag: run.dag_id, run: run.dag_run_id })),
    notes,
  };
}

function scheduleOf({ timetable_summary: summary, next_dagrun_run_after: next }) {
  return { summary: summary ?? null, next: next ? Date.parse(next) : null };
}

async function one(get, asset, progress) {
  const notes = [];
  const query = { asset_id: asset.id, order_by: "-timestamp" };
  const [events, instances, runs] = await Promise.all([
    optional(notes, pages(get, "assets/events", "asset_events", query, { most: MOST_EVENTS, progress })),
    optional(notes, failuresOf(get, asset)),
    optional(notes, runsOf(get, [...new Set(asset.makers.map(({ dag }) => dag))])),
  ]);
  const publications = events.entries.map(publicationOf);
  const parted = asset.partitions !== null;
  return {
    publications,
    total: events.total,
    lost: Boolean(events.lost),
    ...(await failuresIn(get, notes, asset, { publications, instances, runs })),
    horizon: instances.horizon ?? null,
    running: runs.entries.filter(goesOn).map((run) => ({ dag: run.dag_id, run: run.dag_run_id, partition: parted ? partitionOf(run) : null })),
    notes,
  };
}
