// Reports of lmstat, made up.

import { importer } from "../../../ingest/importers/lmstat/importer.ts";
import { entriesOf, sourceOf } from "./support.ts";

export const read = (text: string, options: Record<string, string[]> = {}) =>
  entriesOf(importer, sourceOf(text, "lmstat.txt"), { options });

export const heading = `lmutil - Copyright (c) 1989-2024 Flexera. All Rights Reserved.
Flexible License Manager status on Fri 10/20/2017 17:02

[Detecting lmgrd processes...]
License server status: 27000@h1
    License file(s) on h1: /licenses/license.dat:

h1: license server UP (MASTER) v11.13

Vendor daemon status (on h1):

   acme: UP v11.13
Feature usage info:

`;

/** A report of one feature. */
export const report = (total: string, ...lines: string[]) =>
  `${heading}Users of ${total}\n\n${lines.join("\n")}\n`;
export const counted = "cad:  (Total of 10 licenses issued;  Total of 3 licenses in use)";

/** The entries of a report, each in a word or its use. */
export const usesOf = async (text: string, options?: Record<string, string[]>) =>
  (await read(text, options)).map((entry) =>
    entry.kind === "use" ? entry.use : entry.kind === "problem" ? entry.code : entry.kind,
  );
