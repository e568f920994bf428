// Pure. JSON that can be read in one way only, or where it cannot. What is said of a fault quotes nothing: it may be secret.

import { faultIn } from "../../import/json-text.ts";
import { faultOfJson } from "../../json.ts";

export type ReadJson = { ok: true; value: unknown } | { ok: false; offset: number; detail: string };

/** Reads a text as JSON, as strictly as bodies of requests are read. `offset` is where it is none. */
export function readJson(text: string): ReadJson {
  const fault = faultOfJson(text);
  if (fault) {
    const field = SHOWN_PATH.test(fault.field) ? fault.field : "A member";
    return { ok: false, offset: 0, detail: `${field} ${fault.message}.` };
  }
  try {
    return { ok: true, value: JSON.parse(text) as unknown };
  } catch {
    const { offset, message } = faultIn(text) ?? { offset: 0, message: "This is no JSON." };
    return { ok: false, offset, detail: message };
  }
}

/** A path of names that JSON:API or Keygen may have given; any other may be a secret that got there. */
const SHOWN_PATH = /^(?=.{1,100}$)[a-z][A-Za-z]*(?:\.[a-z][A-Za-z]*|\[\d+\])*$/;
