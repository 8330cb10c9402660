// Airflow's public REST API, called with the rights of whoever looks at the page.

export const PAGE = 100; // Airflow's default for api.maximum_page_limit

// What a path gives, the right that it needs, and what the page is without it.
const RIGHTS = [
  [/\/xcomEntries/, "XComs", "can read on XComs", "what refused checks found is not shown"],
  [/\/taskInstances/, "task instances", "can read on Task Instances", "failures are not shown"],
  [/\/dagRuns/, "DAG runs", "can read on DAG Runs", "runs and their partitions are not shown"],
  [/^assets\/events/, "asset events", "can read on Assets", "publications are not shown"],
  [/^assets/, "assets", "can read on Assets and on Asset Aliases", "nothing is shown"],
  [/^dags/, "DAGs", "can read on DAGs", "paused DAGs are not marked"],
];

// What Airflow 3.0 answers with 403 for a token that another Airflow has made, or that is broken.
const NO_TOKEN = /^Invalid JWT token/;

/** An answer of Airflow that is not a success. `right` names what the viewer may not do, for 403. */
export class ApiError extends Error {
  constructor(status, path, detail) {
    const [, thing, right, loss] = RIGHTS.find(([pattern]) => pattern.test(path)) ?? [null, "this", "read", "it is not shown"];
    super(ApiError.sentence(status, thing, detail));
    Object.assign(this, { status, path, thing, loss, right: status === 403 ? right : null });
  }

  static sentence(status, thing, detail) {
    if (status === 401) return "You are not signed in to Airflow";
    if (status === 403) return `You may not read ${thing}`;
    if (status === 0) return "Airflow does not answer";
    return detail ? `Airflow answers ${status}: ${detail}` : `Airflow answers ${status}`;
  }
}

/**
 * Returns `get(path, query)` for one Airflow.
 *
 * From 3.1 on the session's cookie signs a request in. Airflow 3.0 reads no cookie: its own page keeps the
 * token in the browser (`localStorage.token`, before that in the readable cookie `_token`) and sends it in a
 * header; so does this, when the cookie was not enough. Signing in again makes a new token, which is taken up.
 */
export function airflow({ base, fetch, token }) {
  let used = null;
  const ask = (url) => fetch(url, { headers: { Accept: "application/json", ...(used && { Authorization: `Bearer ${used}` }) }, credentials: "same-origin" });
  return async function get(path, query = {}) {
    const url = new URL(path, base);
    for (const [name, value] of Object.entries(query)) {
      for (const each of Array.isArray(value) ? value : [value]) url.searchParams.append(name, each);
    }
    const sent = used; // several requests may be on their way when the first is refused
    try {
      return await answer(ask, url, path);
    } catch (error) {
      const kept = error.status === 401 ? token() : null;
      if (!kept || kept === sent) throw error;
      used = kept;
      return answer(ask, url, path);
    }
  };
}

async function answer(ask, url, path) {
  let response;
  try {
    response = await ask(url);
    if (response.ok) return await response.json();
  } catch (cause) {
    // What stands before Airflow may have led to its sign-in page, which is no JSON.
    throw Object.assign(new ApiError(response?.redirected ? 401 : 0, path), { cause });
  }
  const body = await response.json().catch(() => ({}));
  const detail = typeof body.detail === "string" ? body.detail : "";
  throw new ApiError(response.status === 403 && NO_TOKEN.test(detail) ? 401 : response.status, path, detail);
}

/** Returns the token that Airflow 3.0's own page keeps, or null. It takes the cookie away: one that is there is newer. */
export function browserToken(storage, cookies) {
  const cookie = cookies.split(";").map((each) => each.trim()).find((each) => each.startsWith("_token="));
  return cookie?.slice("_token=".length) ?? storage.getItem("token") ?? null;
}

/** Returns all entries of a list, up to `most`, with at most `abreast` requests at a time. */
export async function pages(get, path, member, query = {}, { most = Infinity, abreast = 4, progress = () => {} } = {}) {
  const first = await get(path, { ...query, limit: Math.min(PAGE, most), offset: 0 });
  const size = first[member].length;
  const total = Math.min(first.total_entries ?? size, most);
  const found = [first[member]];
  progress(size, total);
  const offsets = [];
  for (let at = size; size > 0 && at < total; at += size) offsets.push(at);
  await inTurn(offsets, abreast, async (offset, place) => {
    found[place + 1] = (await get(path, { ...query, limit: size, offset }))[member];
    progress(found.reduce((sum, each) => sum + (each?.length ?? 0), 0), total);
  });
  return { entries: found.flat().slice(0, total), total: first.total_entries ?? size };
}

/** Does something with each of many, `abreast` at a time, in order. */
export async function inTurn(items, abreast, work) {
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const place = next;
      next += 1;
      await work(items[place], place);
    }
  };
  await Promise.all(Array.from({ length: Math.min(abreast, items.length) }, worker));
}

/** What cannot be read is left out and said; who is not signed in sees nothing at all. */
export async function optional(notes, promise) {
  try {
    return await promise;
  } catch (error) {
    if (error.status === undefined || error.status === 401) throw error;
    if (!notes.some((note) => note.loss === error.loss)) notes.push(error);
    return { entries: [], total: 0, lost: true };
  }
}

/** Returns null for an answer that says that a thing is no more. */
export function unlessGone(error) {
  if (error.status === 404) return null;
  throw error;
}
