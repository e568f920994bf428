// Every page in a real browser: wide and narrow, light and dark; and what a reader does on it.

import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildSite } from "../../reports/build.ts";
import { ORDERS, removeHome, vendorHome } from "../reports/support.ts";
import { type Served, drawn, openBrowser, openPage, serve } from "./support.ts";

let homes: string[];
let browser: Browser;
let site: Served;
let emptySite: Served;

beforeAll(async () => {
  homes = [await vendorHome(), await vendorHome([])];
  const [built, empty] = await Promise.all(homes.map((home) => buildSite({ home })));
  [site, emptySite] = [await serve(built!.folder), await serve(join(empty!.folder))];
  browser = await openBrowser();
});

afterAll(async () => {
  await browser.close();
  await Promise.all([site.close(), emptySite.close()]);
  await Promise.all(homes.map(removeHome));
});

/** Each page, how many charts it draws, and its first sentence. */
const pages = [
  { path: "index.html", charts: 5, lede: /^12 customers hold a license in force\. / },
  {
    path: "activation.html",
    charts: 6,
    lede: /^Half of all entitlements are activated in 5 days or less \(95% interval 3 to 7 days\), of 60 entitlements, counted in whole days from delivery/,
  },
  {
    path: "platforms.html",
    charts: 3,
    lede: /^36% of active hosts run macOS: 15 of the 42 hosts that held a seat in October 2026, at 4 of 12 customers\. They are counted, not sampled/,
  },
  {
    path: "license-models.html",
    charts: 4,
    lede: /^“Annual, node-locked” is the most used license model, with \d+% of entitlements in force: /,
  },
  {
    path: "customers.html#customer=C-3",
    charts: 1,
    lede: /^Ångström Works 3: \d entitlements in force of 5 since Jan 13, 2026: /,
  },
];

describe.each([1280, 360])("at %d px", (width) => {
  describe.each(["light", "dark"] as const)("in %s", (colorScheme) => {
    test.each(pages)(
      "$path answers its question, without an error or a sideways scroll",
      async ({ path, charts, lede }) => {
        const { page, faults } = await openPage(browser, site, { width, colorScheme });
        await page.goto(site.at(path));
        await drawn(page, charts);
        expect(await page.locator(".lede").innerText()).toMatch(lede);
        expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
        expect(faults).toEqual([]);
        await page.context().close();
      },
    );
  });
});

test.each(pages)(
  "$path tells a screen reader what each chart shows, and the way around it",
  async ({ path, charts }) => {
    const { page } = await openPage(browser, site);
    await page.goto(site.at(path));
    await drawn(page, charts);
    const images = await page.getByRole("img").all();
    expect(images.length).toBeGreaterThanOrEqual(charts);
    for (const image of images) {
      expect(await image.getAttribute("aria-label")).toMatch(/\w/);
      expect(await image.getAttribute("aria-description")).toMatch(/\w/);
    }
    expect(await page.getByRole("heading", { level: 1 }).count()).toBe(1);
    expect(await page.locator("nav [aria-current=page]").count()).toBe(1);
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Skip to the answer");
    await page.context().close();
  },
);

test("the links of the navigation lead to the other pages", async () => {
  const { page, faults } = await openPage(browser, site);
  await page.goto(site.at(""));
  for (const name of ["Activation", "Platforms", "Models", "Customers", "Overview"]) {
    await page.getByRole("navigation").getByRole("link", { name }).click();
    await page.waitForSelector(`nav a[aria-current=page]:text-is("${name}")`);
  }
  expect(faults).toEqual([]);
  await page.context().close();
});

test("waiting is compared by what the reader chooses, with arrow keys too", async () => {
  const { page, faults } = await openPage(browser, site);
  await page.goto(site.at("activation.html"));
  await drawn(page, 2);
  await page.getByRole("radio", { name: "Product" }).focus();
  for (let n = 0; n < 4; n++) await page.keyboard.press("ArrowRight");
  await page.getByRole("row", { name: /^Reseller/ }).waitFor();
  expect(await page.getByRole("row").count()).toBeGreaterThanOrEqual(3);
  expect(faults).toEqual([]);
  await page.context().close();
});

test("a customer is found by keyboard, shown, and named in the address", async () => {
  const { page, faults } = await openPage(browser, site);
  await page.goto(site.at("customers.html"));
  const box = page.getByRole("combobox", { name: "Customer" });
  await box.fill("angstrom works 1");
  await page.getByRole("option").first().waitFor();
  expect(await page.getByRole("option").count()).toBe(3);
  await box.press("ArrowDown");
  await box.press("Enter");
  await drawn(page, 1);
  expect(page.url()).toMatch(/#customer=C-1\d?$/);
  expect(await page.getByRole("listbox").isVisible()).toBe(false);
  expect(await page.locator(".customer").innerText()).toMatch(
    /A seat was activated on host host-\d+, .*, and its license was issued/,
  );

  await page.goBack();
  await page.locator(".lede").getByText("Search one of 12 customers").waitFor();
  expect(faults).toEqual([]);
  await page.context().close();
});

test("a customer that is not there is said not to be", async () => {
  const { page } = await openPage(browser, site);
  await page.goto(site.at("customers.html#customer=C-TEST"));
  const status = page
    .getByRole("status")
    .filter({ hasText: "There is no customer C-TEST in this snapshot." });
  await status.waitFor();
  expect(await page.locator(".customer").count()).toBe(0);
  await page.context().close();
});

test("every entitlement of a customer is a bar of the time line and a row of the table", async () => {
  const { page } = await openPage(browser, site);
  await page.goto(site.at("customers.html#customer=C-3"));
  await drawn(page, 1);
  const rows = page.getByRole("region", { name: /^Entitlements of/ }).getByRole("row");
  expect((await rows.count()) - 1).toBe(ORDERS / 12);
  await page.context().close();
});

test.each(pages.map(({ path }) => path.replace(/#.*/, "")))(
  "%s of a vendor without data says what will be there",
  async (path) => {
    const { page, faults } = await openPage(browser, emptySite);
    await page.goto(emptySite.at(path));
    await drawn(page, 0);
    await page.getByRole("heading", { name: "Nothing recorded yet" }).waitFor();
    expect(await page.locator(".empty").innerText()).toMatch(/npm run demo/);
    expect(faults).toEqual([]);
    await page.context().close();
  },
);
