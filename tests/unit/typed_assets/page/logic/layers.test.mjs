import assert from "node:assert/strict";
import test from "node:test";
import { load } from "./js.mjs";

const { layout, NODE } = await load("layers");
const { curve, neighbour } = await load("graph_view");

const graph = (...pairs) => {
  const edges = pairs.map((pair) => ({ from: pair[0], to: pair[1], mapping: "identity" }));
  return { nodes: new Map([...new Set(pairs.flat())].map((name) => [name, { name, asset: null }])), edges };
};
const layersOf = (placed) => Object.fromEntries([...placed.nodes].map(([name, { layer }]) => [name, layer]));

test("every edge goes to the right", () => {
  assert.deepEqual(layersOf(layout(graph(["a", "b"], ["b", "c"], ["a", "c"]))), { a: 0, b: 1, c: 2 });
});

test("a source stands beside what is first made of it", () => {
  assert.deepEqual(layersOf(layout(graph(["a", "b"], ["b", "c"], ["late", "c"]))), { a: 0, b: 1, c: 2, late: 1 });
});

test("a cycle is drawn all the same", () => {
  const placed = layout(graph(["a", "b"], ["b", "c"], ["c", "a"]));
  assert.equal(placed.edges.length, 3);
  assert.ok(placed.edges.every((edge) => edge.points.flat().every(Number.isFinite)));
});

test("nodes of a layer never overlap", () => {
  const pairs = [];
  for (let from = 0; from < 60; from += 1) for (const to of [(from * 7) % 60, (from * 11 + 3) % 60]) pairs.push([`a${from}`, `b${to}`], [`b${to}`, `c${(to * 5 + from) % 40}`]);
  const placed = layout(graph(...pairs));
  const byLayer = Map.groupBy(placed.nodes.values(), (place) => place.layer);
  for (const places of byLayer.values()) {
    const tops = places.map((place) => place.y).sort((one, other) => one - other);
    tops.slice(1).forEach((top, index) => assert.ok(top - tops[index] >= NODE.height + NODE.down - 1));
  }
});

test("two chains that could cross do not", () => {
  const placed = layout(graph(["a", "y"], ["b", "x"], ["y", "end1"], ["x", "end2"]));
  const y = (name) => placed.nodes.get(name).y;
  assert.equal(Math.sign(y("a") - y("b")), Math.sign(y("y") - y("x")));
});

test("a chain is straight", () => {
  const placed = layout(graph(["a", "b"], ["b", "c"], ["c", "d"]));
  assert.deepEqual([...placed.nodes.values()].map((place) => place.y), [0, 0, 0, 0]);
  assert.equal(curve(placed.edges[0].points), `M${NODE.width} ${NODE.height / 2}L${NODE.width + NODE.across} ${NODE.height / 2}`);
});

test("an edge over several layers passes between the nodes", () => {
  const placed = layout(graph(["a", "b"], ["b", "c"], ["a", "c"]));
  const long = placed.edges.find((edge) => edge.from === "a" && edge.to === "c");
  const [[, y]] = long.points.slice(1);
  const b = placed.nodes.get("b");
  assert.equal(long.points.length, 4);
  assert.ok(y < b.y || y > b.y + NODE.height);
});

test("what is tied to nothing stands below, in rows", () => {
  const some = graph(["a", "b"]);
  for (const name of ["x", "y", "z"]) some.nodes.set(name, { name, asset: null });
  const placed = layout(some);
  assert.ok(["x", "y", "z"].every((name) => placed.nodes.get(name).y > NODE.height));
  assert.equal(layout({ nodes: new Map(), edges: [] }).nodes.size, 0);
});

test("arrow keys follow edges, and go up and down in a layer", () => {
  const some = graph(["a", "c"], ["b", "c"]);
  const placed = layout(some);
  const [upper, lower] = ["a", "b"].sort((one, other) => placed.nodes.get(one).y - placed.nodes.get(other).y);
  assert.equal(neighbour(some, placed, "a", "ArrowRight"), "c");
  assert.ok(["a", "b"].includes(neighbour(some, placed, "c", "ArrowLeft")));
  assert.equal(neighbour(some, placed, upper, "ArrowDown"), lower);
  assert.equal(neighbour(some, placed, upper, "ArrowUp"), null);
});

test("Down from the first asset comes to all, also to those that are tied to nothing", () => {
  const some = graph(["a", "b"], ["b", "c"], ["a", "c"], ["d", "c"]);
  for (const name of ["u", "v", "w", "x", "y", "z"]) some.nodes.set(name, { name, asset: null });
  const placed = layout(some);
  const met = [];
  for (let name = neighbour(some, placed, "c", "Home"); name !== null; name = neighbour(some, placed, name, "ArrowDown")) met.push(name);
  assert.deepEqual([...met].sort(), [...some.nodes.keys()].sort());
  assert.equal(neighbour(some, placed, "a", "End"), met.at(-1));
  assert.equal(neighbour(some, placed, met[3], "ArrowUp"), met[2]);
  assert.equal(neighbour(some, placed, "a", "Tab"), null);
});
