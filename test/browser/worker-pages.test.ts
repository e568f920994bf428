// The reports and /docs of a deployed Worker in a real browser: behind their key and their policy, and with nothing refused.

import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, inject, test } from "vitest";
import { deployedAssets, startWorker, wranglerConfig } from "../support/workerd.ts";
import { drawn, openBrowser, openPage } from "./support.ts";

test("a reader with the key goes through the reports, the interface is there to try, and nobody else is let in", async () => {
  const [assets, browser] = await Promise.all([deployedAssets(), openBrowser()]);
  await cp(inject("vendor").internal, join(assets, "reports"), { recursive: true });
  const { url, harness } = await startWorker({
    config: { ...wranglerConfig({ assets }), vars: { KEYHOUSE_SHARDS: "1", LOG_LEVEL: "error" } },
  });
  try {
    const { origin } = url;
    const password = "kh_reports_for-development-on-this-machine-only";
    const { page, faults } = await openPage(browser, { origin }, { password });
    await page.goto(`${origin}/`);
    await drawn(page, 5);
    expect(page.url()).toBe(`${origin}/reports/`);
    for (const [name, path, charts] of [
      ["Activation", "activation", 2],
      ["Platforms", "platforms", 3],
      ["Models", "license-models", 4],
    ] as const) {
      await page.getByRole("navigation").getByRole("link", { name }).click();
      await page.waitForURL(`${origin}/reports/${path}.html`);
      await drawn(page, charts);
    }
    await page.goto(`${origin}/reports/customers.html#customer=C-3`);
    await drawn(page, 1);
    expect(await page.locator(".lede").innerText()).toMatch(/^Ångström Works 3: /);
    await page.goto(`${origin}/docs`);
    await page.getByRole("heading", { name: "Publish a catalog version" }).waitFor();
    // The browser asks without the key first, and is asked for it: no fault of the page.
    expect(faults.filter((fault) => !fault.startsWith("401: "))).toEqual([]);

    const stranger = await openPage(browser, { origin }, { password: "kh_reports_guessed" });
    const answer = await stranger.page.goto(`${origin}/reports/customers.html`);
    expect(answer?.status()).toBe(401);
    expect(await stranger.page.content()).not.toContain("Ångström");
  } finally {
    await browser.close();
    await harness.close();
    await rm(assets, { recursive: true, force: true });
  }
});
