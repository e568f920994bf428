// Pure. Lines between `-----BEGIN LICENSE FILE-----` and `-----END LICENSE FILE-----`, put together.

import { MAX_PART_LENGTH } from "./splitter.ts";

/** What stands between the lines of BEGIN and END. */
export interface Block {
  /** In capitals, such as `LICENSE FILE`. */
  label: string;
  /** Without white space. */
  body: string;
  line: number;
}

/** What a line comes to: `inside` and `outside` of a block, or what is complete, or broken, with it. */
export type Armored =
  | { is: "inside" | "outside" }
  | { is: "block"; block: Block }
  | { is: "fault"; line: number; detail: string };

const EDGE = /^-----(BEGIN|END) ([A-Z][A-Z ]{0,39})-----$/i;

export class Armor {
  #open: { label: string; line: number; lines: string[]; length: number } | null = null;

  /** The line of the BEGIN that has no END yet. */
  get openLine(): number | undefined {
    return this.#open?.line;
  }

  /** @param text undefined for a line that is too long to be kept */
  take(text: string | undefined, line: number): Armored[] {
    const [, edge, label = ""] = EDGE.exec(text ?? "") ?? [];
    if (edge?.toUpperCase() === "BEGIN") {
      const cut = this.interrupt();
      this.#open = { label: label.toUpperCase(), line, lines: [], length: 0 };
      return cut ? [cut, { is: "inside" }] : [{ is: "inside" }];
    }
    const open = this.#open;
    if (!open) return [{ is: "outside" }];
    if (edge === undefined) {
      const part = text?.replaceAll(/[ \t]+/g, "");
      open.length += part?.length ?? MAX_PART_LENGTH;
      if (part !== undefined && open.length <= MAX_PART_LENGTH) open.lines.push(part);
      return [{ is: "inside" }];
    }
    this.#open = null;
    const fault = (detail: string): Armored[] => [{ is: "fault", line: open.line, detail }];
    if (label.toUpperCase() !== open.label) return fault(`It begins as ${open.label} and ends as another.`);
    if (open.length >= MAX_PART_LENGTH) return fault(`It has more than ${MAX_PART_LENGTH} characters.`);
    return [{ is: "block", block: { label: open.label, body: open.lines.join(""), line: open.line } }];
  }

  /** Something else begins. @returns what is to be said of a block that was open */
  interrupt(): (Armored & { is: "fault" }) | null {
    const open = this.#open;
    this.#open = null;
    return open && { is: "fault", line: open.line, detail: `It has no line "-----END ${open.label}-----".` };
  }
}
