// Links: within the page, and to Airflow's own pages.

import { h } from "./dom.js";

/** Returns the hash of an asset's page. */
export function assetHash(name, tab = "") {
  return `#/asset/${encodeURIComponent(name)}${tab ? `/${tab}` : ""}`;
}

/** Returns {page, name, tab, query} of a hash. */
export function routeOf(hash) {
  const [path, query = ""] = hash.replace(/^#\/?/, "").split("?");
  const [page = "", name = "", tab = ""] = path.split("/");
  return { page: page || "catalogue", name: decoded(name), tab, query: new URLSearchParams(query) };
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // typed by hand
  }
}

/** Returns the path of a DAG, a run or a task in Airflow. */
export function airflowPath({ dag, run, task, mapIndex = -1 }) {
  const parts = ["dags", dag, ...(run ? ["runs", run, ...(task ? ["tasks", task] : [])] : [])];
  const path = parts.map(encodeURIComponent).join("/");
  return mapIndex >= 0 && task ? `${path}/mapped/${mapIndex}` : path;
}

/**
 * Returns a link to one of Airflow's pages, or plain text in the static catalogue.
 *
 * Airflow shows this page in a frame that may neither navigate the window nor open another one; a link of the
 * surrounding document may, so that one is followed.
 */
export function airflowLink(source, place, ...children) {
  if (!source.live || !place.dag) return h("span", {}, children);
  const href = new URL(`../${airflowPath(place)}`, document.baseURI).href;
  return h("a", { href, class: "out", onclick: (event) => follow(event, href) }, children);
}

function follow(event, href) {
  if (window.parent === window || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const link = window.parent.document.createElement("a");
  link.href = href;
  window.parent.document.body.append(link);
  link.click();
  link.remove();
}
