// Whatever a reader chose before, a page shows what its address says: the same as who opens that address first.

import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildSite } from "../../reports/build.ts";
import { facts, removeHome, vendorHome } from "../reports/support.ts";
import { day, sale } from "../warehouse/facts.ts";
import { type Served, openBrowser, openPage, serve, settled } from "./support.ts";

let home: string;
let browser: Browser;
let site: Served;

beforeAll(async () => {
  // Of a product that one customer bought and nobody uses, most figures have nothing to show.
  const unused = {
    orderId: "SO-UNUSED",
    orderedAt: day(2),
    customerId: "C-1",
    sku: "UNUSED",
    brand: "Lumora",
  };
  home = await vendorHome([...sale({ ...unused, model: "perp-float", price: 0 }), ...facts()]);
  site = await serve((await buildSite({ home })).folder);
  browser = await openBrowser();
});

afterAll(async () => {
  await browser.close();
  await site.close();
  await removeHome(home);
});

async function afresh(address: string): Promise<string> {
  const { page } = await openPage(browser, site);
  await page.goto(address);
  const text = await settled(page);
  await page.context().close();
  return text;
}

test.each(["activation", "platforms", "license-models", "policy", "revenue", "compliance"])(
  "%s shows of each scope what it shows to who comes with its address, and everything again after it",
  async (name) => {
    const { page, faults } = await openPage(browser, site);
    await page.goto(site.at(`${name}.html`));
    const everything = await settled(page);
    const show = page.getByLabel("Show");
    const offered = await show
      .locator("option")
      .evaluateAll((all) => all.map((it) => it.getAttribute("value")));
    for (const scope of ["product:CAD-LT", "product:UNUSED"].filter((it) => offered.includes(it))) {
      await show.selectOption(scope);
      expect(await settled(page), scope).toBe(await afresh(page.url()));
    }
    await show.selectOption("");
    expect(await settled(page)).toBe(everything);
    expect(faults).toEqual([]);
    await page.context().close();
  },
);

test("customers.html shows nothing of a customer whom the address names no more", async () => {
  const { page } = await openPage(browser, site);
  await page.goto(site.at("customers.html"));
  const before = await settled(page);
  await page.goto(site.at("customers.html#customer=C-3"));
  await page.getByRole("img", { name: "Time line of entitlements" }).waitFor();
  await page.goBack();
  await page.getByText("Or begin with the largest").waitFor();
  expect(await settled(page)).toBe(before);
  await page.context().close();
});
