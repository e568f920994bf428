// The report site: how long it takes to build, what its pages weigh, how soon a reader sees the first chart, and how all of
// it grows with the events.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import type { Browser } from "playwright-core";
import { type Audience, audiences } from "../../reports/audience.ts";
import { navigation } from "../../reports/navigation.ts";
import { openBrowser } from "../browser/support.ts";
import { folderFiles } from "../../ingest/site-folder.ts";
import { runChild } from "./child.ts";
import { makeSegments } from "./lake-segments.ts";
import type { StepPlan, StepResult } from "./lake-step.ts";
import type { BuildPlan, BuildResult } from "./reports-build.ts";
import { type Visit, visit } from "./reports-visit.ts";
import { say } from "./say.ts";

const EVENTS = Number(process.env["KEYHOUSE_BENCH_EVENTS"] ?? 1_000_000);
const SHARE_SMALL = 0.1;
/** Visits of each page; the best counts, for what else the machine does only delays. */
const ROUNDS = 3;

interface Measured {
  audience: Audience;
  built: BuildResult;
  visits: Visit[];
}

export async function reports(home: string): Promise<void> {
  const browser = await openBrowser();
  const small = await measure(browser, join(home, "small"), EVENTS * SHARE_SMALL);
  const all = await measure(browser, join(home, "all"), EVENTS);
  await browser.close();
  for (const [index, { audience, built, visits }] of all.entries()) {
    const before = small[index]!;
    say(`seconds to build the ${audience} site of ${EVENTS} events`, built.seconds, [
      `at most ${Math.round(built.peakMiB)} MiB; ${before.built.seconds.toFixed(1)} s for a tenth of the events`,
      `growth / linear ${((built.seconds / before.built.seconds) * SHARE_SMALL).toFixed(2)}`,
    ]);
    const heaviest = most(visits, ({ kB }) => kB);
    say(`kB transferred by its heaviest page, ${heaviest.path}`, heaviest.kB, [
      visits.map(({ path, kB }) => `${path} ${Math.round(kB)}`).join(", "),
      `growth / linear of all pages ${((sum(visits) / sum(before.visits)) * SHARE_SMALL).toFixed(2)}`,
    ]);
    const drawn = visits.filter(({ chartMs }) => !Number.isNaN(chartMs));
    const latest = most(drawn, ({ chartMs }) => chartMs);
    say(`ms to the first chart of its slowest page, ${latest.path}`, latest.chartMs, [
      drawn.map(({ path, chartMs }) => `${path} ${Math.round(chartMs)}`).join(", "),
    ]);
  }
}

async function measure(browser: Browser, home: string, events: number): Promise<Measured[]> {
  const [asOf] = await makeSegments(home, events);
  const lake = join(home, "lake");
  mkdirSync(lake, { recursive: true });
  const plan: StepPlan = { step: "load", segments: join(home, "segments"), lake, asOf };
  await runChild<StepResult>("lake-step.ts", plan);
  const measured: Measured[] = [];
  for (const audience of audiences) {
    const out = join(home, audience);
    // Framework bundles packages in its first build only: that is not what grows.
    const builds: BuildResult[] = [];
    for (let round = 0; round < 2; round += 1)
      builds.push(
        await runChild<BuildResult>("reports-build.ts", { home, out, audience } satisfies BuildPlan),
      );
    const built = builds.toSorted((a, b) => a.seconds - b.seconds)[0]!;
    measured.push({ audience, built, visits: await visitAll(browser, out, audience) });
  }
  return measured;
}

/** Visits every page as the service itself serves it. */
async function visitAll(browser: Browser, folder: string, audience: Audience): Promise<Visit[]> {
  const app = new Hono();
  app.get("/reports/*", folderFiles(folder));
  const listening = Promise.withResolvers<number>();
  const server = serve({ fetch: app.fetch, hostname: "127.0.0.1", port: 0 }, ({ port }) =>
    listening.resolve(port),
  );
  const origin = `http://127.0.0.1:${await listening.promise}`;
  const visits: Visit[] = [];
  for (const { path: of } of navigation(audience)) {
    const path = of === "/" ? "index" : of.slice(1);
    const rounds: Omit<Visit, "path">[] = [];
    for (let round = 0; round < ROUNDS; round += 1)
      rounds.push(
        await visit(browser, `${origin}/reports/${path}.html`, path === "customers" ? searchOne : undefined),
      );
    visits.push({
      path,
      kB: Math.max(...rounds.map(({ kB }) => kB)),
      chartMs: Math.min(...rounds.map(({ chartMs }) => chartMs)),
    });
  }
  await new Promise((resolve) => server.close(resolve));
  return visits;
}

/** Types a name letter by letter, takes the first whom it finds, and sees the time line. */
const searchOne: Parameters<typeof visit>[2] = async (page) => {
  await page.locator("#customer-search").pressSequentially("customer 77", { delay: 30 });
  await page.locator("[role=option]").first().waitFor();
  await page.evaluate(() => performance.mark("asked for"));
  await page.locator("[role=option]").first().click();
  await page.locator("main svg[role=img]").first().waitFor();
  await page.waitForLoadState("networkidle");
};

const most = (visits: readonly Visit[], of: (visit: Visit) => number): Visit =>
  visits.toSorted((a, b) => of(b) - of(a))[0]!;

const sum = (visits: readonly Visit[]): number => visits.reduce((total, { kB }) => total + kB, 0);
