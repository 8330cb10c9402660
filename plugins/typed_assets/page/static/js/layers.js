// Places the nodes of a graph in layers from left to right, with few crossings and straight edges.

export const NODE = { width: 200, height: 56, across: 46, down: 18 };
const SWEEPS = 12;

/**
 * Returns where everything stands: {nodes: Map name → {x, y, layer}, edges: [{from, to, points}], width, height}.
 * Edges that go back, in a cycle, are drawn but do not count for layers. Nodes without edges stand in rows below.
 */
export function layout(graph, size = NODE) {
  const tied = new Set(graph.edges.flatMap((edge) => [edge.from, edge.to]));
  const nodes = new Map([...graph.nodes].filter(([name]) => tied.has(name)));
  const placed = layered({ nodes, edges: graph.edges }, size);
  const alone = [...graph.nodes.keys()].filter((name) => !tied.has(name)).sort();
  const step = size.width + size.across / 2;
  const columns = Math.max(1, Math.round(placed.width / step) || Math.ceil(Math.sqrt(alone.length)));
  const top = nodes.size === 0 ? 0 : placed.height + 2 * size.down;
  alone.forEach((name, place) => {
    const [row, column] = [Math.floor(place / columns), place % columns];
    placed.nodes.set(name, { x: column * step, y: top + row * (size.height + size.down), layer: column });
  });
  const ends = [...placed.nodes.values()];
  placed.width = Math.max(size.width, ...ends.map((end) => end.x + size.width));
  placed.height = Math.max(size.height, ...ends.map((end) => end.y + size.height));
  return placed;
}

function layered(graph, size) {
  if (graph.nodes.size === 0) return { nodes: new Map(), edges: [], width: 0, height: 0 };
  const forward = withoutCycles(graph);
  const layerOf = longestPaths(graph, forward);
  const { rows, chains } = withJoints(graph, forward, layerOf);
  order(rows, chains);
  const y = straighten(rows, chains, size);
  const x = (layer) => layer * (size.width + size.across);
  const nodes = new Map();
  for (const name of graph.nodes.keys()) {
    nodes.set(name, { x: x(layerOf.get(name)), y: y.get(name), layer: layerOf.get(name) });
  }
  const edges = graph.edges.map((edge) => ({ ...edge, points: points(edge, chains, nodes, y, x, size) }));
  const height = Math.max(size.height, ...[...y.values()].map((top) => top + size.height));
  const width = x(Math.max(0, ...[...layerOf.values()])) + size.width;
  return { nodes, edges, width, height };
}

function withoutCycles(graph) {
  const next = adjacency(graph.edges, "from");
  const state = new Map();
  const kept = new Set();
  for (const root of graph.nodes.keys()) {
    if (state.has(root)) continue;
    const stack = [[root, 0]];
    state.set(root, "open");
    while (stack.length > 0) {
      const frame = stack[stack.length - 1];
      const edge = (next.get(frame[0]) ?? [])[frame[1]];
      frame[1] += 1;
      if (edge === undefined) {
        state.set(frame[0], "done");
        stack.pop();
      } else if (state.get(edge.to) !== "open") {
        kept.add(edge);
        if (!state.has(edge.to)) {
          state.set(edge.to, "open");
          stack.push([edge.to, 0]);
        }
      }
    }
  }
  return [...kept];
}

function longestPaths(graph, edges) {
  const next = adjacency(edges, "from");
  const waiting = new Map([...graph.nodes.keys()].map((name) => [name, 0]));
  for (const edge of edges) waiting.set(edge.to, waiting.get(edge.to) + 1);
  const layer = new Map([...graph.nodes.keys()].map((name) => [name, 0]));
  const queue = [...waiting].filter(([, count]) => count === 0).map(([name]) => name);
  const turn = [];
  while (queue.length > 0) {
    const name = queue.shift();
    turn.push(name);
    for (const edge of next.get(name) ?? []) {
      layer.set(edge.to, Math.max(layer.get(edge.to), layer.get(name) + 1));
      waiting.set(edge.to, waiting.get(edge.to) - 1);
      if (waiting.get(edge.to) === 0) queue.push(edge.to);
    }
  }
  return pulledRight(turn, next, layer);
}

// A source stands beside what is first made of it, not far away in the first layer.
function pulledRight(turn, next, layer) {
  for (const name of [...turn].reverse()) {
    const readers = (next.get(name) ?? []).map((edge) => layer.get(edge.to));
    if (readers.length > 0) layer.set(name, Math.min(...readers) - 1);
  }
  return layer;
}

function withJoints(graph, edges, layerOf) {
  const rows = [];
  const put = (name, layer) => (rows[layer] ??= []).push(name);
  for (const name of [...graph.nodes.keys()].sort()) put(name, layerOf.get(name));
  const chains = [];
  for (const edge of edges) {
    const chain = [edge.from];
    for (let layer = layerOf.get(edge.from) + 1; layer < layerOf.get(edge.to); layer += 1) {
      const joint = `\0${edge.from}\0${edge.to}\0${layer}`;
      put(joint, layer);
      chain.push(joint);
    }
    chains.push({ edge, chain: [...chain, edge.to] });
  }
  return { rows: Array.from(rows, (row) => row ?? []), chains };
}

function neighbours(chains) {
  const before = new Map();
  const after = new Map();
  const add = (map, one, other) => (map.get(one) ?? map.set(one, []).get(one)).push(other);
  for (const { chain } of chains) {
    for (let at = 1; at < chain.length; at += 1) {
      add(after, chain[at - 1], chain[at]);
      add(before, chain[at], chain[at - 1]);
    }
  }
  return { before, after };
}

function order(rows, chains) {
  const { before, after } = neighbours(chains);
  const place = new Map();
  const note = (row) => row.forEach((name, index) => place.set(name, index));
  rows.forEach(note);
  let best = { crossings: crossings(rows, after, place), rows: rows.map((row) => [...row]) };
  for (let sweep = 0; sweep < SWEEPS && best.crossings > 0; sweep += 1) {
    const down = sweep % 2 === 0;
    const layers = down ? rows : [...rows].reverse();
    for (const row of layers.slice(1)) {
      const near = down ? before : after;
      const wish = new Map(row.map((name, index) => [name, mean((near.get(name) ?? []).map((n) => place.get(n)), index)]));
      row.sort((one, other) => wish.get(one) - wish.get(other) || place.get(one) - place.get(other));
      note(row);
    }
    const found = crossings(rows, after, place);
    if (found < best.crossings) best = { crossings: found, rows: rows.map((row) => [...row]) };
  }
  best.rows.forEach((row, index) => rows[index].splice(0, row.length, ...row));
}

/** Returns how many pairs of edges cross, counted between neighbouring layers. */
export function crossings(rows, after, place) {
  let found = 0;
  for (const row of rows) {
    const ends = row.flatMap((name) => [...(after.get(name) ?? [])].map((n) => place.get(n)).sort((a, b) => a - b));
    found += inversions(ends);
  }
  return found;
}

function inversions(values) {
  if (values.length < 2) return 0;
  const middle = values.length >> 1;
  const left = values.slice(0, middle);
  const right = values.slice(middle);
  let found = inversions(left) + inversions(right);
  left.sort((a, b) => a - b);
  right.sort((a, b) => a - b);
  let at = 0;
  for (const value of left) {
    while (at < right.length && right[at] < value) at += 1;
    found += at;
  }
  return found;
}

function straighten(rows, chains, size) {
  const { before, after } = neighbours(chains);
  const step = size.height + size.down;
  const y = new Map();
  rows.forEach((row) => row.forEach((name, index) => y.set(name, index * step)));
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    for (const row of sweep % 2 === 0 ? rows : [...rows].reverse()) {
      const near = (name) => [...(before.get(name) ?? []), ...(after.get(name) ?? [])].map((n) => y.get(n));
      spread(row, row.map((name) => mean(near(name), y.get(name))), step, y);
    }
  }
  const top = Math.min(0, ...y.values()) || Math.min(...y.values());
  for (const [name, value] of y) y.set(name, Math.round(value - (Number.isFinite(top) ? top : 0)));
  return y;
}

// Puts a row as near to its wishes as the distance between neighbours allows: blocks that would overlap move as one.
function spread(row, wishes, step, y) {
  const blocks = [];
  wishes.forEach((wish, index) => {
    let block = { from: index, sum: wish, size: 1 };
    while (blocks.length > 0) {
      const last = blocks[blocks.length - 1];
      const end = last.sum / last.size + (last.size - 1) * step / 2 + step;
      if (end <= block.sum / block.size - (block.size - 1) * step / 2) break;
      blocks.pop();
      block = { from: last.from, sum: last.sum + block.sum, size: last.size + block.size };
    }
    blocks.push(block);
  });
  for (const block of blocks) {
    const top = block.sum / block.size - (block.size - 1) * step / 2;
    for (let at = 0; at < block.size; at += 1) y.set(row[block.from + at], top + at * step);
  }
}

function points(edge, chains, nodes, y, x, size) {
  const found = chains.find((each) => each.edge.from === edge.from && each.edge.to === edge.to);
  const [from, to] = [nodes.get(edge.from), nodes.get(edge.to)];
  const middle = size.height / 2;
  const joints = (found ? found.chain.slice(1, -1) : []).flatMap((joint, index) => {
    const left = x(from.layer + 1 + index);
    return [[left, y.get(joint) + middle], [left + size.width, y.get(joint) + middle]];
  });
  return [[from.x + size.width, from.y + middle], ...joints, [to.x, to.y + middle]];
}

function adjacency(edges, end) {
  const found = new Map();
  for (const edge of edges) {
    if (!found.has(edge[end])) found.set(edge[end], []);
    found.get(edge[end]).push(edge);
  }
  return found;
}

function mean(values, otherwise) {
  return values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : otherwise;
}
