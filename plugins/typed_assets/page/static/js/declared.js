// What stands under the key of typed_assets, as far as it has the form that the page reads: anybody can write an
// asset's extra, and a later version of the library may say more. What has another form is left out.

import { utc } from "./partitions.js";

export const KEY = "typed_assets";

const text = (value) => typeof value === "string";
const number = (value) => typeof value === "number";
const mapping = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
const listOf = (fits) => (value) => Array.isArray(value) && value.every(fits);
const having = (shape) => (value) => mapping(value) && Object.entries(shape).every(([key, fits]) => fits(value[key]));
const perhaps = (fits) => (value) => value === undefined || value === null || fits(value);
const moment = (value) => text(value) && !Number.isNaN(utc(value));

const contract = having({
  columns: perhaps(listOf(having({ name: text, allowed: perhaps(Array.isArray) }))),
  keys: perhaps(listOf(listOf(text))),
  rows: perhaps(mapping),
  fresh: perhaps(having({ column: text, within: number })),
  rules: perhaps(listOf(having({ name: text }))),
});

function simple(value) {
  if (!mapping(value)) return false;
  if (value.kind === "static") return listOf(text)(value.names);
  return ["hourly", "daily"].includes(value.kind) && moment(value.start) && (value.end === undefined || moment(value.end));
}

const partitions = (value) => (value?.kind === "product" ? simple(value.first) && simple(value.second) : simple(value));

const ASSET = {
  uri: text,
  description: text,
  group: text,
  owners: listOf(text),
  tags: listOf(text),
  contract,
  partitions,
  checks: listOf(having({ name: text })),
  upstream: listOf(having({ asset: text })),
  freshness: having({ within: number, warn_within: perhaps(number) }),
  quarantine: having({ uri: text, max_share: perhaps(number) }),
  watchers: listOf(having({ name: text })),
};

const RECORD = {
  partition: text,
  checks: listOf(having({ name: text })),
  contract: mapping,
};

function fitting(value, shape) {
  if (!mapping(value)) return null;
  return Object.fromEntries(Object.entries(value).filter(([key, part]) => !(key in shape) || shape[key](part)));
}

/** Returns what the author of an asset declared, or null. */
export function declaredOf(extra) {
  return fitting(extra?.[KEY], ASSET);
}

/** Returns the record of a publication or of a refusal, or null. */
export function recordIn(extra) {
  return fitting(extra?.[KEY], RECORD);
}
