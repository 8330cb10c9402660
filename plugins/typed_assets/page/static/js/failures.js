// Failures: which tasks failed, what their checks found, and which of them a later publication may put right.

import { KEY, recordIn } from "./declared.js";
import { inTurn, optional, pages, unlessGone } from "./airflow.js";
import { attemptsOf, failureOf, withRecord } from "./model.js";
import { partitionsOf } from "./runs.js";
import { unresolved } from "./states.js";

const MOST = 500;
const MOST_RECORDS = 20;
const FAILED = ["failed", "upstream_failed"];

/** What is told of partitions where nobody asked for them. */
export const UNASKED = { entries: [], unknown: 0 };

/** Returns the newest tasks that failed or never ran for that, of one DAG, or of all where it is `~`. */
export async function failedTasks(get, dag, query, most) {
  const path = `dags/${encodeURIComponent(dag)}/dagRuns/~/taskInstances`;
  return pages(get, path, "task_instances", { ...query, state: FAILED, order_by: "-run_after" }, { most });
}

/** Returns the failures of the tasks that make an asset, and since when they are known. */
export async function failuresOf(get, asset) {
  const found = await Promise.all(asset.makers.map(({ dag, task }) => failedTasks(get, dag, { task_id: task }, MOST)));
  const horizons = found.map(horizonOf).filter((each) => each !== null);
  return { entries: found.flatMap((each) => each.entries), horizon: horizons.sort((one, other) => other.since - one.since)[0] ?? null };
}

/** Returns failures with their partitions and, of so many, what their checks found: of those that nothing has put right first. */
export async function failuresIn(get, notes, asset, { publications, instances, runs }) {
  const found = instances.entries.map((each) => failureOf(each)).sort((one, other) => other.at - one.at);
  const partitions = asset.partitions === null || runs.lost ? UNASKED : await optional(notes, partitionsOf(get, found, runs.entries));
  const known = new Map(partitions.entries);
  const failures = found.map((each) => ({ ...each, partition: known.get(each) ?? null }));
  const open = new Set(unresolved(attemptsOf(publications, failures), asset.lastEventAt));
  const told = await recordsOf(get, notes, [...open, ...failures.filter((each) => !open.has(each))]);
  return { failures: failures.map((each) => withRecord(each, told.get(each) ?? null)), unknown: partitions.unknown ?? 0 };
}

/** Returns the records of failures by failure, of as many as are asked for; null where a check could tell nothing. */
export async function recordsOf(get, notes, failures) {
  const asked = failures.slice(0, MOST_RECORDS);
  const found = await optional(notes, entriesOf(get, asked));
  return new Map(asked.map((each, place) => [each, recordOf(found.entries[place])]));
}

async function entriesOf(get, instances) {
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

function recordOf(entry) {
  const value = typeof entry?.value === "string" ? parsed(entry.value) : entry?.value;
  return typeof value?.asset === "string" ? recordIn({ [KEY]: value }) : null;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Returns from when on failures are known, where there are more than are read. */
export function horizonOf({ entries, total }) {
  return total > entries.length && entries.length > 0 ? { total, since: failureOf(entries.at(-1)).at } : null;
}

/** A failure that is older than what is known of its partition counts as one of no partition: any later publication puts it right. */
export function judgedOf(assets, failures, { publications, whole }) {
  const oldest = new Map();
  for (const { asset, at } of publications) oldest.set(asset, Math.min(at, oldest.get(asset) ?? Infinity));
  const since = new Map();
  for (const asset of assets.filter((each) => each.partitions !== null && whole !== null && !whole.has(each.id))) {
    for (const maker of asset.makers) since.set(makerKey(maker), Math.max(oldest.get(asset.id) ?? -Infinity, since.get(makerKey(maker)) ?? -Infinity));
  }
  return failures.map((each) => (each.partition !== null && each.at < (since.get(makerKey(each)) ?? -Infinity) ? { ...each, partition: null, tooOld: true } : each));
}

/** Returns by what failures and those who make an asset are matched. */
export function makerKey({ dag, task }) {
  return `${dag}\n${task}`;
}
