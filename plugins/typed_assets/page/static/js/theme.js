// Light or dark: as Airflow's own page is, else as the system prefers.

/** Returns the theme that a stored word and the system's preference make. */
export function themeOf(stored, prefersDark) {
  if (stored === "dark" || stored === "light") return stored;
  return prefersDark ? "dark" : "light";
}

/** Keeps the page in the theme of Airflow, which keeps its own in `localStorage.theme`. */
export function followTheme(window) {
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    window.document.documentElement.dataset.theme = themeOf(stored(window), system.matches);
    window.dispatchEvent(new window.Event("themechange"));
  };
  system.addEventListener("change", apply);
  window.addEventListener("storage", (event) => event.key === "theme" && apply());
  apply();
}

function stored(window) {
  try {
    return window.localStorage.getItem("theme");
  } catch {
    return null; // a browser that keeps nothing for this page
  }
}
