// Publications: where the newest ones of all assets do not tell enough, those of some assets are read.

import { inTurn, pages } from "./airflow.js";
import { judgedOf, makerKey } from "./failures.js";
import { publicationOf } from "./model.js";

const LATEST = 14; // in the strip of the catalogue
const FEW_ASSETS = 60;
const MOST_DEEPER = 10;
const DEEPER = 1000;

/** Of assets with no recent publication the latest ones are asked for; where there are few assets, of all with too few. */
export async function olderOf(get, assets, publications) {
  const seen = new Map();
  for (const { asset } of publications) seen.set(asset, (seen.get(asset) ?? 0) + 1);
  const least = assets.length > FEW_ASSETS ? 1 : LATEST;
  return eventsOf(get, assets.filter((asset) => (seen.get(asset.id) ?? 0) < least && (asset.lastEventAt !== null || !asset.tellsLastEvent)), LATEST);
}

/** Whether an earlier failure of a partition was put right is seen only where all later publications are known. */
export async function deeperOf(get, assets, read, failures) {
  const doubtful = new Set(judgedOf(assets, failures, read).filter((each) => each.tooOld).map(makerKey));
  return eventsOf(get, assets.filter((asset) => asset.makers.some((maker) => doubtful.has(makerKey(maker)))).slice(0, MOST_DEEPER), DEEPER);
}

async function eventsOf(get, asked, most) {
  const entries = [];
  const whole = [];
  await inTurn(asked, 4, async (asset) => {
    const found = await pages(get, "assets/events", "asset_events", { asset_id: asset.id, order_by: "-timestamp" }, { most });
    entries.push(...found.entries);
    if (found.total <= found.entries.length) whole.push(asset.id);
  });
  return { entries, asked, whole };
}

/** Publications in place of those that were read before; `whole` has the assets of which all are known, null says all. */
export function joinedWith({ publications, whole }, { entries = [], asked = [], whole: more = [] }) {
  const anew = new Set(asked.map((asset) => asset.id));
  return {
    publications: [...publications.filter((each) => !anew.has(each.asset)), ...entries.map(publicationOf)],
    whole: whole === null ? null : new Set([...whole, ...more]),
  };
}
