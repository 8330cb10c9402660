// Where the modules of the page lie, for the tests beside this file.

const at = new URL("../../../../../plugins/typed_assets/page/static/js/", import.meta.url);

/** Imports a module of the page. */
export const load = (name) => import(new URL(`${name}.js`, at));
