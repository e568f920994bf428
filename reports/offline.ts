// Loaded before Framework starts: it keeps a build off the network.
//
// Framework's own client names some 15 libraries (d3, htl, react, …) that a page may use without importing them. None
// of ours does, and yet a build asks the npm registry for the newest version of each, only to write its path into
// code that never runs. Those questions, and no others, are answered here: whatever names a later Framework holds,
// there is no list to keep.

/** A version that no package has: should one of these paths be requested after all, it is plainly not there. */
const NO_VERSION = "0.0.0";

globalThis.fetch = (input) => {
  const url = new URL(input instanceof Request ? input.url : input);
  const isVersionQuestion =
    url.hostname.startsWith("registry.") && /^\/(@[^/]+\/)?[^/]+(\/[^/]+)?$/.test(url.pathname);
  return isVersionQuestion
    ? Promise.resolve(Response.json({ version: NO_VERSION, versions: { [NO_VERSION]: {} } }))
    : Promise.reject(new Error(`the reports are built without network, but something asked for ${url.href}`));
};
