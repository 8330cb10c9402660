// Starts the page: reads what there is, and shows what the address asks for.

import { airflow, browserToken } from "./airflow.js";
import { embeddedSource } from "./embedded.js";
import { startPage } from "./shell.js";
import { liveSource } from "./live.js";
import { followTheme } from "./theme.js";

followTheme(window);
const data = document.getElementById("catalogue-data");
if (data) {
  startPage(embeddedSource(JSON.parse(data.textContent)));
} else {
  const base = new URL("../api/v2/", document.baseURI);
  const get = airflow({ base, fetch: window.fetch.bind(window), token: () => browserToken(window.localStorage, document.cookie) });
  startPage(liveSource(get, () => Date.now()));
}
