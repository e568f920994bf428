// FINANCE.md and the page after it: their queries, asked of the demo that they speak of, and the pages with the answers.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeTime, YEAR } from "../../ingest/demo/calendar.ts";
import { formatAnswer } from "../../warehouse/format.ts";
import { openLake } from "../../warehouse/read.ts";
import { playDemo } from "../support/demo.ts";

const ROOT = join(import.meta.dirname, "../..");
const PAGES = ["FINANCE.md", "FINANCE-CUSTOMERS.md"];

/** The loads that the first lines run: the demo's own, and two closes. */
const LOADS = [writeTime(YEAR.endsAt), "2026-09-30", "2026-10-31"];

/** A query, and the answer behind it where there is one already. */
const BLOCK = /```sql\n([^]*?)```\n(?:\n```text\n([^]*?)```\n)?/g;

/** A line of a query that says which snapshot it is asked of. */
const SNAPSHOT = /^-- npm run -s sql -- --snapshot (\d+)$/m;

/** Plays the demo of the pages into an empty folder. */
export async function playFinance(home: string): Promise<void> {
  await playDemo(home, { seed: 1, orders: 600 }, LOADS);
}

export interface Page {
  path: string;
  /** As it is. */
  text: string;
  /** As it should be. */
  answered: string;
  queries: number;
}

/** The pages, with the answers that a played home gives. */
export async function answeredPages(home: string): Promise<Page[]> {
  const pages: Page[] = [];
  for (const name of PAGES) {
    const path = join(ROOT, name);
    pages.push({ path, ...(await answered(home, await readFile(path, "utf8"))) });
  }
  return pages;
}

async function answered(home: string, text: string): Promise<Omit<Page, "path">> {
  let whole = "";
  let [from, queries] = [0, 0];
  for (const block of text.matchAll(BLOCK)) {
    const [all, sql = ""] = block;
    const answer = await ask(home, sql);
    whole += `${text.slice(from, block.index)}\`\`\`sql\n${sql}\`\`\`\n\n\`\`\`text\n${answer}\`\`\`\n`;
    from = block.index + all.length;
    queries += 1;
  }
  return { text, answered: whole + text.slice(from), queries };
}

async function ask(home: string, sql: string): Promise<string> {
  const number = SNAPSHOT.exec(sql)?.[1];
  const lake = await openLake(join(home, "lake"), number === undefined ? undefined : Number(number));
  if (!lake) throw new Error("nothing was loaded");
  try {
    return formatAnswer(await lake.texts(sql), "table");
  } finally {
    lake.close();
  }
}
