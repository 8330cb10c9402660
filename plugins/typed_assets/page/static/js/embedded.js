// The data that stands in the page itself: what `mwaactl asset catalogue` wrote into it.

import { assetOf, failureOf, publicationOf } from "./model.js";

/** Returns the source of data that reads what `mwaactl` put into the page, as Airflow answered it. */
export function embeddedSource(data) {
  const assets = data.assets.map(assetOf);
  const publications = data.asset_events.map(publicationOf);
  const failures = data.task_instances.map((each) => failureOf(each));
  const makes = (asset, each) => asset.makers.some((maker) => maker.dag === each.dag && maker.task === each.task);
  return {
    live: false,
    now: () => Date.parse(data.written_at),
    environment: data.environment,
    catalogue: async () => ({ assets, publications, complete: !data.truncated, failures, paused: new Set(data.paused), notes: [] }),
    rest: async () => null,
    asset: async (asset) => {
      const own = publications.filter((each) => each.asset === asset.id);
      return {
        publications: own,
        total: data.truncated ? null : own.length,
        lost: false,
        failures: failures.filter((each) => makes(asset, each)),
        running: [],
        notes: [],
      };
    },
  };
}
