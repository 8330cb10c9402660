// What has been read so far, joined: one row for each asset, with its state.

import { attemptsOf } from "./model.js";
import { graphOf } from "./lineage.js";
import { stateOf } from "./states.js";

/** Returns {rows, byName, graph} of a catalogue that was read; `now` is the moment it is judged at. */
export function joined(catalogue, now) {
  const publications = grouped(catalogue.publications, (each) => each.asset);
  const failures = grouped(catalogue.failures, (each) => `${each.dag}\n${each.task}`);
  const running = grouped(catalogue.running ?? [], (each) => each.dag);
  const rows = catalogue.assets.map((asset) => {
    const own = asset.makers.flatMap(({ dag, task }) => failures.get(`${dag}\n${task}`) ?? []);
    return rowOf(asset, attemptsOf(publications.get(asset.id) ?? [], own), { ...catalogue, now, whole: catalogue.whole === null || catalogue.whole.has(asset.id) || (asset.tellsLastEvent && asset.lastEventAt === null), running: [...new Set(asset.makers.map(({ dag }) => dag))].flatMap((dag) => running.get(dag) ?? []) });
  });
  return { rows, byName: new Map(rows.map((row) => [row.asset.name, row])), graph: graphOf(catalogue.assets) };
}

/**
 * Returns the row of an asset: {asset, attempts, state, publishedAt, paused, running, whole}. `complete` tells whether all of its
 * publications have been read.
 */
export function rowOf(asset, attempts, { paused, complete, now, running = [], whole = complete }) {
  const published = attempts.find((attempt) => attempt.kind === "publication");
  const told = complete || asset.tellsLastEvent;
  return {
    asset,
    attempts,
    state: stateOf(asset, attempts, now, told),
    publishedAt: published?.at ?? asset.lastEventAt,
    paused: asset.makers.length > 0 && asset.makers.every(({ dag }) => paused.has(dag)),
    running,
    whole,
  };
}

function grouped(values, key) {
  const found = new Map();
  for (const value of values) {
    const name = key(value);
    if (!found.has(name)) found.set(name, []);
    found.get(name).push(value);
  }
  return found;
}
