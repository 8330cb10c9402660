// The lineage graph: which asset is made of which, and the part of it around one asset.

/**
 * Returns the graph of assets: {nodes: Map name → {name, asset|null}, edges: [{from, to, mapping}]}.
 * Upstream comes from what authors declare; where an asset declares nothing, from Airflow's own references:
 * a DAG or a task that reads an asset and a task of the same DAG that makes another.
 */
export function graphOf(assets) {
  const nodes = new Map(assets.map((asset) => [asset.name, { name: asset.name, asset }]));
  const edges = new Map();
  const join = (from, to, mapping) => {
    if (from === to) return;
    if (!nodes.has(from)) nodes.set(from, { name: from, asset: null });
    edges.set(`${from}\n${to}`, { from, to, mapping });
  };
  const made = assetsByDag(assets);
  for (const asset of assets) {
    for (const each of asset.upstream) join(each.asset, asset.name, each.mapping);
    for (const dag of asset.readers) {
      for (const other of made.get(dag) ?? []) if (!other.declared) join(asset.name, other.name, "identity");
    }
  }
  return { nodes, edges: [...edges.values()] };
}

function assetsByDag(assets) {
  const found = new Map();
  for (const asset of assets) {
    for (const { dag } of asset.makers) {
      if (!found.has(dag)) found.set(dag, []);
      found.get(dag).push(asset);
    }
  }
  return found;
}

/** Returns names by how far they lie from one asset, itself 0; `up` follows edges backwards. */
export function reach(graph, name, direction, depth = Infinity) {
  const [here, there] = direction === "up" ? ["to", "from"] : ["from", "to"];
  const next = new Map();
  for (const edge of graph.edges) {
    if (!next.has(edge[here])) next.set(edge[here], []);
    next.get(edge[here]).push(edge[there]);
  }
  const found = new Map([[name, 0]]);
  const queue = [name];
  while (queue.length > 0) {
    const current = queue.shift();
    const distance = found.get(current);
    if (distance >= depth) continue;
    for (const other of next.get(current) ?? []) {
      if (!found.has(other)) {
        found.set(other, distance + 1);
        queue.push(other);
      }
    }
  }
  return found;
}

/** Returns the part of a graph with these names only. */
export function part(graph, names) {
  const nodes = new Map([...graph.nodes].filter(([name]) => names.has(name)));
  return { nodes, edges: graph.edges.filter((edge) => nodes.has(edge.from) && nodes.has(edge.to)) };
}

/** Returns the graph around one asset: `up`, `down` or `both`. */
export function around(graph, name, direction, depth = Infinity) {
  const names = new Set([name]);
  for (const each of direction === "both" ? ["up", "down"] : [direction]) {
    for (const other of reach(graph, name, each, depth).keys()) names.add(other);
  }
  return part(graph, names);
}
