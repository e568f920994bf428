// The site's frame. `build.ts` runs Framework with this file and says by environment what it builds from.

import { join } from "node:path";
import { audienceOf } from "./audience.ts";
import { navigation } from "./navigation.ts";

const {
  KEYHOUSE_REPORT_FOOT: foot = "A preview: not built from a named snapshot.",
  KEYHOUSE_REPORT_AUDIENCE: audience = "internal",
} = process.env;
const pages = navigation(audienceOf(audience));

/** @param {string} text */
const escape = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");

export default {
  title: "Keyhouse",
  root: "src",
  output: "dist",
  style: "style.css",
  // The default asks Google for a font; this site asks nobody for anything.
  globalStylesheets: [],
  // A table of the pages is a query beside them: `tables/refusals.arrow.sql` makes `tables/refusals.arrow`.
  interpreters: { ".sql": [process.execPath, "--no-warnings", join(import.meta.dirname, "loader.ts")] },
  // Links name the file, so that any static host can serve it without rules of its own.
  preserveExtension: true,
  sidebar: false,
  pager: false,
  toc: false,
  pages: pages.map(({ name, path }) => ({ name, path })),
  head: `<link rel="icon" type="image/svg+xml" href="/favicon.svg"><meta name="color-scheme" content="light dark">`,
  /** @param {{ path: string }} page */
  header: ({ path }) => `<a class="skip" href="#observablehq-main">Skip to the answer</a>
<a class="brand" href="/">Keyhouse <span>reports</span></a>
<nav aria-label="Reports">${pages
    .map(
      (page) =>
        `<a href="${page.path}"${page.path === path || `${page.path}index` === path ? ' aria-current="page"' : ""}>${escape(page.name)}</a>`,
    )
    .join("")}</nav>`,
  footer: `<p>${escape(foot)}</p>`,
};
