// The data that stands in the page itself: what `mwaactl asset catalogue` wrote into it.

import { assetOf, failureOf, publicationOf } from "./model.js";

/** Returns the source of data that reads what `mwaactl` put into the page, as Airflow answered it. */
export function embeddedSource(data) {
  const assets = data.assets.map(assetOf);
  const publications = data.asset_events.map(publicationOf);
  const makes = (asset, each) => asset.makers.some((maker) => maker.dag === each.dag && maker.task === each.task);
  const parted = assets.filter((asset) => asset.partitions !== null);
  const failures = data.task_instances.map((each) => {
    const failure = failureOf(each);
    const whole = !parted.some((asset) => makes(asset, failure)); // the partition of such a run tells nothing
    return { ...failure, partition: whole ? null : failure.partition, unplaced: !whole && !("partition_key" in each) };
  });
  const unplaced = (found) => found.filter((each) => each.unplaced).length;
  return {
    live: false,
    now: () => Date.parse(data.written_at),
    environment: data.environment,
    catalogue: async () => ({ assets, publications, complete: !data.truncated, whole: data.truncated ? new Set() : null, failures, unknown: unplaced(failures), paused: new Set(data.paused), notes: [] }),
    rest: async () => null,
    asset: async (asset) => {
      const own = publications.filter((each) => each.asset === asset.id);
      const failed = failures.filter((each) => makes(asset, each));
      return {
        publications: own,
        total: data.truncated ? null : own.length,
        lost: false,
        failures: failed,
        unknown: unplaced(failed),
        running: [],
        notes: [],
      };
    },
  };
}
