// What the page knows about assets, made of Airflow's answers; the same for 3.0.6, 3.2.1 and 3.3.1.

import { declaredOf, recordIn } from "./declared.js";

/** Returns an asset of `GET /assets`. What a typed asset declares stands in its extra. */
export function assetOf(answer) {
  const declared = declaredOf(answer.extra);
  const last = answer.last_asset_event?.timestamp ?? null;
  return {
    id: answer.id,
    name: answer.name,
    uri: declared?.uri ?? answer.uri,
    declared: declared !== null,
    description: declared?.description ?? "",
    group: declared?.group || (answer.group && answer.group !== "asset" ? answer.group : ""),
    owners: declared?.owners ?? [],
    tags: declared?.tags ?? [],
    contract: declared?.contract ?? null,
    partitions: declared?.partitions ?? null,
    checks: declared?.checks ?? [],
    upstream: declared?.upstream ?? [],
    freshness: declared?.freshness ?? null,
    quarantine: declared?.quarantine ?? null,
    makers: answer.producing_tasks.map((task) => ({ dag: task.dag_id, task: task.task_id })),
    readers: [
      ...new Set([
        ...(answer.scheduled_dags ?? answer.consuming_dags ?? []).map((dag) => dag.dag_id),
        ...(answer.consuming_tasks ?? []).map((task) => task.dag_id),
      ]),
    ],
    watchers: watchersOf(declared?.watchers ?? [], answer.watchers ?? []),
    lastEventAt: last === null ? null : Date.parse(last),
    tellsLastEvent: "last_asset_event" in answer,
  };
}

// Airflow tells the names from 3.1 on, and of triggers only a number; what authors declare tells which they are.
function watchersOf(declared, known) {
  const triggers = new Map(declared.map((each) => [each.name, each.trigger]));
  return [...new Set([...triggers.keys(), ...known.map((each) => each.name)])].map((name) => ({ name, trigger: triggers.get(name) ?? "" }));
}

/** Returns a publication, made of an asset event. */
export function publicationOf(event) {
  const record = recordIn(event.extra);
  const warns = (record?.checks ?? []).some((check) => !check.passed);
  return {
    kind: "publication",
    outcome: warns ? "warning" : "published",
    asset: event.asset_id,
    at: Date.parse(event.timestamp),
    partition: event.partition_key ?? record?.partition ?? null,
    record,
    dag: event.source_dag_id ?? null,
    run: event.source_run_id ?? null,
    task: event.source_task_id ?? null,
    by: event.extra?.from_rest_api ? "the API" : null,
    triggered: (event.created_dagruns ?? []).map((run) => ({ dag: run.dag_id, run: run.run_id, state: run.state })),
  };
}

/**
 * Returns a failure, made of a task instance that failed or never ran because an earlier task failed.
 * The record comes from its XCom where the check could still tell what it found.
 */
export function failureOf(instance, record = null) {
  return {
    kind: "failure",
    outcome: "failed",
    at: Date.parse(instance.end_date ?? instance.start_date ?? instance.run_after ?? instance.logical_date),
    partition: record?.partition ?? instance.partition_key ?? null,
    record,
    dag: instance.dag_id,
    run: instance.dag_run_id,
    task: instance.task_id,
    mapIndex: instance.map_index ?? -1,
    state: instance.state,
    triggered: [],
  };
}

/** Returns a failure with what its check told. */
export function withRecord(failure, record) {
  return record === null ? failure : { ...failure, record, partition: record.partition ?? failure.partition };
}

/** Returns publications and failures of one asset, newest first. */
export function attemptsOf(publications, failures) {
  return [...publications, ...failures].sort((one, other) => other.at - one.at);
}

/** Returns the failed checks of a record: those that block first. */
export function findings(record) {
  return (record?.checks ?? [])
    .filter((check) => !check.passed)
    .sort((one, other) => Number(one.severity === "warn") - Number(other.severity === "warn"));
}

/**
 * Returns the results of each check over time: [{name, severity, results: [{at, passed, severity, …}]}], with the
 * oldest result first, and checks that fail now first.
 */
export function checkSeries(attempts, most = 60) {
  const series = new Map();
  for (const attempt of attempts) {
    for (const check of attempt.record?.checks ?? []) {
      if (!series.has(check.name)) series.set(check.name, { name: check.name, severity: check.severity, results: [] });
      const results = series.get(check.name).results;
      if (results.length < most) results.push({ ...check, at: attempt.at, partition: attempt.partition });
    }
  }
  const failing = (each) => Number(each.results[each.results.length - 1].passed);
  return [...series.values()]
    .map((each) => ({ ...each, results: each.results.reverse() }))
    .sort((one, other) => failing(one) - failing(other) || one.name.localeCompare(other.name));
}

/** Returns of each partition the newest attempt that has a record, the last key first: a backfill comes late, but belongs to its time. */
export function newestOfEach(attempts) {
  const found = new Map();
  for (const attempt of attempts) {
    if (attempt.record && attempt.partition !== null && !found.has(attempt.partition)) found.set(attempt.partition, attempt);
  }
  return [...found.values()].sort((one, other) => (one.partition < other.partition ? 1 : -1));
}

/** Returns measured values over time, oldest first: [{at, value, partition}]. */
export function measured(attempts, field, most = 200) {
  return attempts
    .filter((attempt) => typeof attempt.record?.[field] === "number")
    .slice(0, most)
    .map((attempt) => ({ at: attempt.at, value: attempt.record[field], partition: attempt.partition, outcome: attempt.outcome }))
    .reverse();
}
