// Every page in a real browser, and what a reader does on it. Widths, light and dark are those of accessibility.test.ts.

import { readFile } from "node:fs/promises";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { buildSite } from "../../reports/build.ts";
import { facts, ORDERS, removeHome, vendorHome } from "../reports/support.ts";
import { type Served, drawn, openBrowser, openPage, serve } from "./support.ts";

let emptyHome: string;
let browser: Browser;
let site: Served;
let emptySite: Served;

beforeAll(async () => {
  emptyHome = await vendorHome([]);
  const { folder } = await buildSite({ home: emptyHome });
  [site, emptySite] = [await serve(inject("vendor").internal), await serve(folder)];
  browser = await openBrowser();
});

afterAll(async () => {
  await browser.close();
  await Promise.all([site.close(), emptySite.close()]);
  await removeHome(emptyHome);
});

/** Each page, how many charts it draws, and its first sentence. */
const pages = [
  { path: "index.html", charts: 5, lede: /^12 customers hold a license in force\. / },
  {
    path: "activation.html",
    charts: 6,
    lede: /^Half of all entitlements are activated in 5 days or less \(95% interval 3 to 7 days\), of 59 entitlements, counted in whole days from delivery of .* seat\. 1 right brought in .* is left out\.$/,
  },
  {
    path: "platforms.html",
    charts: 5,
    lede: /^36% of active hosts run macOS: 15 of the 42 hosts that held a seat in October 2026, at 4 of 12 customers\. They are counted, not sampled/,
  },
  {
    path: "license-models.html",
    charts: 7,
    lede: /^“Annual, node-locked” is the most used license model, with \d+% of entitlements in force: /,
  },
  {
    path: "policy.html",
    charts: 2,
    lede: /^Customers of the price band Standard are turned away \d+ times a year for every 100 seats held \(95% interval \d.* to \d+\)\. Of 6 such cases, 100% \(61% to 100%\) had not got what they asked for a week later\. No copy showed itself\.$/,
  },
  {
    path: "revenue.html",
    charts: 5,
    lede: /^\$1,500 recur a month from 30 entitlements in October 2026 so far\. Nothing moved it in that month\. No term has ended yet, so none could be renewed\.$/,
  },
  {
    path: "compliance.html",
    charts: 3,
    lede: /^No customer holds more seats than were bought, of \d+ seats that are bound\. No copy showed itself in the last twelve months\.$/,
  },
  {
    path: "customers.html#customer=C-3",
    charts: 1,
    lede: /^Ångström Works 3: \d entitlements in force of 5 since Jan 13, 2026: /,
  },
  {
    path: "data-quality.html",
    charts: 2,
    lede: /^All \d+ data tests of the newest load passed, over \d+ events recorded by .* UTC\. No input waits in quarantine\.$/,
  },
];

test.each(pages)(
  "$path answers its question, and tells a screen reader what each chart shows and the way around it",
  async ({ path, charts, lede }) => {
    const { page, faults } = await openPage(browser, site);
    await page.goto(site.at(path));
    await drawn(page, charts);
    expect(await page.locator(".lede").innerText()).toMatch(lede);
    expect(faults).toEqual([]);
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

test("a figure is a table at a click, and is taken away as SVG, PNG and CSV that say what they show", async () => {
  const { page, faults } = await openPage(browser, site, { colorScheme: "dark" });
  await page.goto(site.at("platforms.html"));
  await drawn(page, 3);
  const figure = page.locator("figure").filter({ hasText: "Operating system versions" });
  await figure.getByRole("button", { name: "Table" }).click();
  expect(await figure.getByRole("rowheader", { name: "macOS 15" }).isVisible()).toBe(true);
  expect(await figure.getByRole("img").isVisible()).toBe(false);
  const taken = async (name: string) => {
    await figure.locator("summary").click();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      figure.getByRole("button", { name }).click(),
    ]);
    return { file: download.suggestedFilename(), bytes: await readFile(await download.path()) };
  };
  const svg = await taken("SVG");
  expect(svg.file).toBe("operating-system-versions.svg");
  const text = svg.bytes.toString();
  for (const words of ["Operating system versions", "October 2026", "Test orders are left out"])
    expect(text).toContain(words);
  // Its own inks, of the light theme: a file knows no style sheet of the page.
  expect(text).not.toContain("var(");
  expect(text).toContain("#0b5cab");
  const png = await taken("PNG");
  expect(png.bytes.subarray(0, 8).toString("latin1")).toBe("\x89PNG\r\n\x1a\n");
  expect(png.bytes.readUInt32BE(16)).toBe(1920);
  const csv = await taken("CSV");
  expect(csv.bytes.toString()).toMatch(/^[A-Z][^\r]*,Hosts[^\r]*\r\nmacOS 15,15\D/);
  expect(faults).toEqual([]);
  await page.context().close();
});

test("what a reader chose stands in the address, and an address shows what was chosen", async () => {
  const { page, faults } = await openPage(browser, site);
  await page.goto(site.at("platforms.html"));
  await drawn(page, 3);
  const before = await page.locator(".lede").innerText();
  await page.getByLabel("Show").selectOption("product:CAD-LT");
  await page.waitForFunction(
    (lede) => document.querySelector<HTMLElement>(".lede")?.innerText !== lede,
    before,
  );
  expect(page.url()).toMatch(/#of=product%3ACAD-LT$/);
  const colleague = await openPage(browser, site);
  await colleague.page.goto(page.url());
  await drawn(colleague.page, 3);
  expect(await colleague.page.getByLabel("Show").inputValue()).toBe("product:CAD-LT");
  expect(await colleague.page.locator(".lede").innerText()).toBe(await page.locator(".lede").innerText());
  expect([...faults, ...colleague.faults]).toEqual([]);
  await Promise.all([page, colleague.page].map((it) => it.context().close()));
});

test("each currency has a page of its own, and is never added to another", async () => {
  const { page, faults } = await openPage(browser, site);
  await page.goto(site.at("revenue.html"));
  await drawn(page, 5);
  await page.getByRole("radio", { name: "EUR" }).check();
  await page.locator(".lede").getByText("€").first().waitFor();
  expect(page.url()).toMatch(/#currency=EUR$/);
  expect(await page.locator("main").innerText()).not.toContain("$");
  expect(faults).toEqual([]);
  await page.context().close();
});

test("the links of the navigation lead to the other pages", async () => {
  const { page, faults } = await openPage(browser, site);
  await page.goto(site.at(""));
  for (const name of [
    "Activation",
    "Platforms",
    "Models",
    "Policy",
    "Money",
    "Compliance",
    "Customers",
    "Data quality",
    "Dictionary",
    "Overview",
  ]) {
    await page.getByRole("navigation").getByRole("link", { name }).click();
    await page.waitForSelector(`nav a[aria-current=page]:text-is("${name}")`);
  }
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
  expect(await page.locator(".customer").last().innerText()).toMatch(
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
  await page.getByRole("button", { name: "Table" }).click();
  const rows = page.getByRole("region", { name: /^Entitlements of/ }).getByRole("row");
  expect((await rows.count()) - 1).toBe(ORDERS / 12);
  await page.context().close();
});

test("two customers who look the same stand side by side with what they share and the call that merges them", async () => {
  const { page, faults } = await openPage(browser, site);
  await page.goto(site.at("data-quality.html"));
  await drawn(page, 2);
  const table = page.getByRole("region", { name: "Customers who look the same" });
  const first = table.getByRole("row").nth(1);
  expect(await first.innerText()).toMatch(
    /Ångström Works \d[^]*Ångström Works \d+[^]*the e-mail address and nearly the name/,
  );
  expect(await first.locator("code").innerText()).toMatch(
    /^POST \/v1\/customers\/C-\d+\/merge \{"into":"C-\d+",/,
  );
  await first.getByRole("link").last().click();
  await page
    .locator(".lede")
    .getByText(/^Ångström Works \d+: /)
    .waitFor();
  expect(faults).toEqual([]);
  await page.context().close();
});

test("a vendor of whom no license server told is told how to bring it in", async () => {
  const home = await vendorHome(facts().filter(({ type }) => type !== "use.observed"));
  const own = await serve((await buildSite({ home })).folder);
  const { page, faults } = await openPage(browser, own);
  await page.goto(own.at("license-models.html"));
  await page.getByText("npm run import -- lmstat FILE…").waitFor();
  expect(faults).toEqual([]);
  await page.context().close();
  await own.close();
  await removeHome(home);
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
