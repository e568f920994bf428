// A real browser before a built site, served below /reports/ as the service does it.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import chromiumBinary from "@sparticuz/chromium";
import { type Browser, type Page, chromium } from "playwright-core";

/** Where the site is served: not at the root, so that a link from the root is seen to break. */
const BASE = "/reports/";

const types: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".json": "application/json",
};

/** A folder, served on a port of its own. */
export interface Served {
  origin: string;
  /** The address of a page, such as `activation.html`. */
  at: (page: string) => string;
  close: () => Promise<void>;
}

/** Serves a folder as any static host would. */
export async function serve(folder: string): Promise<Served> {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? "", "http://host").pathname);
    const name = normalize(path.slice(BASE.length) || "index.html");
    const isOurs = path.startsWith(BASE) && !name.startsWith("..");
    (isOurs ? readFile(join(folder, name)) : Promise.reject(new Error("not here"))).then(
      (bytes) => {
        response.writeHead(200, { "content-type": types[extname(name)] ?? "application/octet-stream" });
        response.end(bytes);
      },
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    at: (page) => `${origin}${BASE}${page}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** What the packaged browser sets for its usual home, a function in a cloud, and a test must not have. */
const unwanted = new Set([
  "--single-process",
  "--no-zygote",
  "--disable-web-security",
  "--allow-running-insecure-content",
]);

/** Starts the browser. */
export async function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: await chromiumBinary.executablePath(),
    args: [
      ...chromiumBinary.args.filter((argument) => !unwanted.has(argument)),
      "--no-sandbox",
      "--disable-background-networking",
      "--disable-component-update",
    ],
    headless: true,
  });
}

/** A page, and everything that went wrong on it. */
export interface Watched {
  page: Page;
  faults: string[];
}

/** Opens a page of its own context, and notes errors, failed answers, and requests to another origin. */
export async function openPage(
  browser: Browser,
  { origin }: Pick<Served, "origin">,
  options: { width?: number; colorScheme?: "light" | "dark"; password?: string } = {},
): Promise<Watched> {
  const { width = 1280, colorScheme = "light", password } = options;
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme,
    ...(password === undefined ? {} : { httpCredentials: { username: "anna", password } }),
  });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") faults.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => faults.push(`error: ${error.message}`));
  page.on("requestfailed", (request) => {
    // A reader who goes on before all has come breaks off what was on its way: no fault of the page.
    if (request.failure()?.errorText !== "net::ERR_ABORTED") faults.push(`failed: ${request.url()}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) faults.push(`${response.status()}: ${response.url()}`);
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(origin) && !request.url().startsWith("data:"))
      faults.push(`another origin: ${request.url()}`);
  });
  return { page, faults };
}

/** Waits until every part of a page has been computed and at least so many charts are drawn, each with marks in it. */
export async function drawn(page: Page, charts: number): Promise<void> {
  await page.waitForFunction((expected) => {
    if (document.querySelector("observablehq-loading") !== null) return false;
    const svgs = Array.from(document.querySelectorAll(".chart svg[role=img]"));
    return (
      svgs.length >= expected &&
      svgs.every((svg) => svg.querySelectorAll("g :is(path, rect, circle, line)").length > 0)
    );
  }, charts);
}

/** Waits until a page is at rest: nothing is on its way, and it says the same from frame to frame. @returns what it says */
export async function settled(page: Page): Promise<string> {
  await page.waitForFunction(
    () => document.querySelector("main") !== null && document.querySelector("observablehq-loading") === null,
  );
  return page.evaluate(async () => {
    const frame = () => new Promise(requestAnimationFrame);
    const main = document.querySelector<HTMLElement>("main")!;
    let text = "";
    // What is chosen is computed in the next frames, and then drawn: six of them say the same.
    for (let alike = 0; alike < 6; alike++) {
      await frame();
      const now = main.innerText;
      if (now !== text || main.hasAttribute("data-loading")) alike = 0;
      text = now;
    }
    return text;
  });
}
