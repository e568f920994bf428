// How a story is told: each step is sent to an app, and written down with its answer.

import type { Example } from "../../ingest/api/examples.ts";
import type { OperationKey } from "../../ingest/api/operations.ts";
import type { TestApp } from "./support.ts";

type Told = Pick<Example, "path" | "query" | "headers" | "body"> & {
  isRefused?: true;
  /** Of a text, the lines that the example shows: others are another each time. */
  shown?: RegExp;
};
// What the story reads of an answer, it goes on with.
// oxlint-disable-next-line typescript/no-explicit-any
type Answer = any;
export type Tell = (call: OperationKey, title: string, told?: Told) => Promise<Answer>;

/** Begins a story. @returns how it goes on, and what was said so far */
export async function beginStory(app: TestApp): Promise<{ tell: Tell; examples: Example[] }> {
  const admin = await app.as("admin");
  const examples: Example[] = [];
  const tell: Tell = async (call, title, { isRefused, shown = /^/, ...told } = {}) => {
    const [method = "", template = ""] = call.split(" ");
    const path = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => told.path?.[name] ?? "");
    const query = new URLSearchParams(told.query).toString();
    const body =
      typeof told.body === "object" ? JSON.stringify(told.body) : (told.body as string | undefined);
    const response = await app.fetch(query === "" ? path : `${path}?${query}`, {
      method,
      headers: { ...admin, ...told.headers },
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.text();
    if (response.ok === (isRefused === true))
      throw new Error(`${call} (${title}): ${response.status} ${text}`);
    const isJson = /\bjson$/.test(response.headers.get("content-type") ?? "");
    const answer: unknown = isJson ? JSON.parse(text) : linesThat(text, shown);
    examples.push({ call, title, ...told, status: response.status, answer });
    return answer;
  };
  return { tell, examples };
}

const linesThat = (text: string, shown: RegExp): string =>
  text
    .split("\n")
    .filter((line) => shown.test(line))
    .join("\n");
