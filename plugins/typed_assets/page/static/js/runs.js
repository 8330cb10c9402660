// DAG runs: which go on, and which partition each makes.

import { inTurn, pages, unlessGone } from "./airflow.js";
import { timeKey } from "./partitions.js";

const RECENT = 300;
const MOST_SINGLE = 60;
const GOING_ON = ["running", "queued"];
const HOUR = 3_600_000;
const KINDS = new Map([[HOUR, "hourly"], [24 * HOUR, "daily"]]);
const WHOLE = "*";

/** The newest runs that failed or go on; `~` stands for all DAGs. */
export async function runsOf(get, dags) {
  const query = { state: ["failed", ...GOING_ON], order_by: "-run_after" };
  const found = await Promise.all(
    dags.map((dag) => pages(get, `dags/${encodeURIComponent(dag)}/dagRuns`, "dag_runs", query, { most: RECENT })),
  );
  return { entries: found.flatMap((each) => each.entries) };
}

/** Returns whether a run waits or runs. */
export function goesOn(run) {
  return GOING_ON.includes(run.state);
}

/**
 * Returns [failure, partition] of failures, and how many are unknown. A task does not tell its partition, its run does.
 * A run may have ended well although one of its tasks has failed: such runs are asked for one by one.
 */
export async function partitionsOf(get, failures, runs) {
  const found = new Map(runs.map((run) => [`${run.dag_id}\n${run.dag_run_id}`, run]));
  const key = (each) => `${each.dag}\n${each.run}`;
  const others = [...new Map(failures.filter((each) => !found.has(key(each))).map((each) => [key(each), each])).values()];
  await inTurn(others.slice(0, MOST_SINGLE), 4, async (each) => {
    found.set(key(each), await get(`dags/${encodeURIComponent(each.dag)}/dagRuns/${encodeURIComponent(each.run)}`).catch(unlessGone));
  });
  const partition = (run) => (run ? partitionOf(run) : null);
  return {
    entries: failures.map((each) => [each, partition(found.get(key(each)))]),
    unknown: failures.filter((each) => !found.has(key(each))).length,
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
