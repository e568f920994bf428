// A reader's first visit to a page: what comes over the wire, and when the first chart stands.

import type { Browser } from "playwright-core";

export interface Visit {
  path: string;
  /** All that was transferred until the page was at rest, headers included. */
  kB: number;
  /** From the click that asks for it to the first chart with marks in it; NaN where the page has none. */
  chartMs: number;
}

/**
 * Visits a page with an empty cache.
 * @param also what the reader does then, when all has come; a chart that only this asks for counts from the mark `asked for`
 */
export async function visit(
  browser: Browser,
  address: string,
  also?: (page: Awaited<ReturnType<Browser["newPage"]>>) => Promise<void>,
): Promise<Omit<Visit, "path">> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send("Network.enable");
  let bytes = 0;
  session.on("Network.loadingFinished", ({ encodedDataLength }) => (bytes += encodedDataLength));
  await page.addInitScript(() => {
    const watch = new MutationObserver(() => {
      const marks = "svg[role=img] g :is(path, rect, circle, line)";
      if (document.querySelector(`main ${marks}`) === null) return;
      performance.mark("first chart");
      watch.disconnect();
    });
    watch.observe(document, { subtree: true, childList: true });
  });
  await page.goto(address);
  await page.waitForLoadState("networkidle");
  await page.waitForFunction(() => document.querySelector("observablehq-loading") === null);
  await also?.(page);
  const chartMs = await page.evaluate(
    () =>
      (performance.getEntriesByName("first chart")[0]?.startTime ?? Number.NaN) -
      (performance.getEntriesByName("asked for")[0]?.startTime ?? 0),
  );
  await context.close();
  return { kB: bytes / 1000, chartMs };
}
