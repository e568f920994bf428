// Which files below a folder hold one of some texts: JSON on standard input, so that no name stands in a list of processes.

import { text } from "node:stream/consumers";
import { z } from "zod";
import { searchFolder } from "./files.ts";

const asked = z
  .object({ folder: z.string(), within: z.string(), values: z.array(z.string()) })
  .parse(JSON.parse(await text(process.stdin)));
console.log(JSON.stringify(await searchFolder(asked.folder, asked.within, asked.values)));
