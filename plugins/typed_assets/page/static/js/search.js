// Which assets a search and the filters leave, and how they are arranged.

import { STATE_NAMES, STATES } from "./states.js";

/** Returns whether every word of a search stands in what is known of an asset. */
export function matches(asset, words) {
  if (words.length === 0) return true;
  const text = [asset.name, asset.uri, asset.description, asset.group, ...asset.owners, ...asset.tags, ...asset.makers.map((each) => each.dag), ...asset.watchers.map((each) => each.name)];
  const columns = (asset.contract?.columns ?? []).map((column) => column.name);
  const all = [...text, ...columns].join("\n").toLowerCase();
  return words.every((word) => all.includes(word));
}

/** Returns the rows that remain: rows are {asset, state, …}; filters are {q, group, owner, state}. */
export function filtered(rows, { q = "", group = "", owner = "", state = "" }) {
  const words = q.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter(
    ({ asset, state: own }) =>
      (!group || asset.group === group) &&
      (!owner || asset.owners.includes(owner)) &&
      (!state || own === state) &&
      matches(asset, words),
  );
}

/** Returns rows in sections: [{title, rows}], by `group`, `owner`, `state` or `dag`. */
export function arranged(rows, by) {
  const key = {
    group: (row) => row.asset.group || "Without a group",
    owner: (row) => row.asset.owners[0] ?? "Without an owner",
    state: (row) => STATE_NAMES[row.state],
    dag: (row) => row.asset.makers[0]?.dag ?? "Made outside of Airflow",
  }[by];
  const sections = new Map();
  for (const row of [...rows].sort((one, other) => one.asset.name.localeCompare(other.asset.name))) {
    const title = key(row);
    if (!sections.has(title)) sections.set(title, { title, rows: [] });
    sections.get(title).rows.push(row);
  }
  const found = [...sections.values()];
  if (by === "state") {
    return found.sort((one, other) => STATES.indexOf(one.rows[0].state) - STATES.indexOf(other.rows[0].state));
  }
  const last = (section) => Number(/^(Without a|Made outside)/.test(section.title));
  return found.sort((one, other) => last(one) - last(other) || one.title.localeCompare(other.title));
}

/** Returns how many rows are in each state. */
export function counted(rows) {
  const counts = Object.fromEntries(STATES.map((state) => [state, 0]));
  for (const row of rows) counts[row.state] += 1;
  return counts;
}
