// Numbers, durations and moments as a reader says them.

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEPS = [[DAY, "d"], [HOUR, "h"], [MINUTE, "min"], [1, "s"]];

/** Returns {size, name, whole} of the unit that says so many seconds best: `ms` for less than one, `h` from two hours on. */
export function unitOfTime(seconds) {
  const [size, name] = STEPS.find(([size]) => seconds >= 2 * size) ?? (seconds < 1 ? [0.001, "ms"] : [1, "s"]);
  return { size, name, whole: size < 1 };
}

/** Returns seconds in at most two units: `2 d 3 h`, `45 s`, `1.4 s`, `80 ms`. */
export function duration(seconds) {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return "–";
  if (seconds < 0) return duration(-seconds);
  if (seconds > 0 && seconds < 0.9995) return `${Math.max(1, Math.round(seconds * 1000))} ms`;
  if (seconds < 10 && !Number.isInteger(seconds)) return `${seconds.toFixed(1)} s`;
  let rest = Math.round(seconds);
  const parts = [];
  for (const [size, unit] of STEPS) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count} ${unit}`);
    else if (parts.length > 0) break;
    if (parts.length === 2) break;
  }
  return parts.length > 0 ? parts.join(" ") : "0 s";
}

/** Returns how long ago, in one unit: `30 h ago`, `3 d ago`; `in 3 h` for what is to come. */
export function ago(at, now) {
  const seconds = (now - at) / 1000;
  const size = Math.abs(seconds);
  const text = size >= DAY && size < 2 * DAY ? `${Math.floor(size / HOUR)} h` : duration(size).split(" ").slice(0, 2).join(" ");
  if (Math.abs(seconds) < 5) return "just now";
  return seconds >= 0 ? `${text} ago` : `in ${text}`;
}

/** Returns a count with thousands parted: `336,776`. */
export function count(value) {
  return value === null || value === undefined ? "–" : value.toLocaleString("en-US");
}

/** Returns a count in at most four characters: `337k`. */
export function brief(value) {
  if (value === null || value === undefined) return "–";
  for (const [size, unit] of [[1e12, "T"], [1e9, "G"], [1e6, "M"], [1e3, "k"]]) {
    if (Math.abs(value) >= size) {
      const part = value / size;
      return `${part < 10 ? Number(part.toFixed(1)) : Math.round(part)}${unit}`;
    }
  }
  return `${Number(value.toFixed(value < 10 && !Number.isInteger(value) ? 1 : 0))}`;
}

/** Returns bytes: `1.2 MB`. */
export function bytes(value) {
  if (value === null || value === undefined) return "–";
  const text = brief(value);
  const unit = /[a-zA-Z]$/.test(text) ? `${text.slice(0, -1)} ${text.slice(-1)}B` : `${text} B`;
  return unit;
}

/** Returns a moment in UTC: `2026-01-31 05:04`. */
export function moment(at) {
  return at === null || at === undefined ? "–" : new Date(at).toISOString().slice(0, 16).replace("T", " ");
}

/** Returns the day of a moment in UTC. */
export function day(at) {
  return new Date(at).toISOString().slice(0, 10);
}

/** Returns a number with its word: `1 row`, `2 rows`. */
export function plural(value, one, many = `${one}s`) {
  return `${count(value)} ${value === 1 ? one : many}`;
}
