// The page to try the interface on, of a service that runs: no network but its own, and a request that goes through.

import { expect, test } from "vitest";
import { temporaryFolder } from "../support/folder.ts";
import { makeApiKey, startService } from "../support/service.ts";
import { openBrowser, openPage } from "./support.ts";

test("/docs shows every chapter, and sends an example with a key, to this service alone", async () => {
  const home = await temporaryFolder();
  const service = await startService(home);
  const key = await makeApiKey(home, "read");
  const browser = await openBrowser();
  try {
    const { page, faults } = await openPage(browser, { origin: service.url });
    await page.goto(`${service.url}/docs`);
    for (const chapter of [
      "Catalog",
      "Orders",
      "Activations",
      "Entitlements",
      "Licenses",
      "Customers",
      "Telemetry",
      "Service",
    ])
      await page.getByRole("button", { name: new RegExp(`(?:Open|Close) Group - ${chapter}`) }).waitFor();
    await page.getByRole("heading", { name: "Publish a catalog version" }).waitFor();

    // What is not in sight yet is not drawn: go there, as a link to it does.
    await page.goto(`${service.url}/docs#tag/catalog/POST/v1/policies/exposure`);
    await page.getByRole("button", { name: /Test Request.*post \/v1\/policies\/exposure/s }).click();
    const client = page.getByRole("dialog");
    await client.getByPlaceholder("Token").fill(key);
    await client.getByRole("button", { name: /^Send post request/ }).click();
    // The example's two moves a year, without a lease, as the service judges them.
    await client.getByText("copiesPerYear").waitFor();
    expect(await client.innerText()).toContain("200 OK");
    expect(faults).toEqual([]);
  } finally {
    await browser.close();
    await service.end("SIGTERM");
  }
});
