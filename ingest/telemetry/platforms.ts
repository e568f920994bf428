// Pure. Platforms as they are sent → what is kept of them, for those that are sent again and again: a vendor's customers
// have some hundred different ones.

import { holds, pieceOf, type Piece } from "./bytes.ts";
import { type Envelope, isPlainPlatform } from "./envelope.ts";
import { platformKnown, platformSaid } from "./fact.ts";

/** A platform: its JSON as it was sent, and both parts of it in a fact. */
export interface PlainPlatform {
  sent: Piece;
  known: Piece;
  said: Piece;
}

/** No platform was sent. */
export const noPlatform: Omit<PlainPlatform, "sent"> = {
  known: pieceOf(platformKnown(undefined)),
  said: pieceOf(platformSaid(undefined)),
};

// A plain one has at most 300 characters of its own.
const MAX_BYTES = 400;
const REMEMBERED = 1000;
/** So many that came last are looked for where they may stand, before anyone looks where the object ends. */
const RECENT = 8;

const known = new Map<string, PlainPlatform>();
const recent: PlainPlatform[] = [];
let next = 0;

/** The platform that begins at a place, if it is one of those that came last. */
export function recentPlatform(view: DataView, begin: number): PlainPlatform | undefined {
  for (let i = 0; i < recent.length; i++) {
    const platform = recent[i];
    if (platform && holds(view, begin, platform.sent)) return platform;
  }
  return undefined;
}

/** Reads a platform of plain characters, with no code among them; undefined where it is none that can be kept as it is. */
export function readPlatform(bytes: Uint8Array, begin: number, end: number): PlainPlatform | undefined {
  if (end - begin > MAX_BYTES) return undefined;
  const text = String.fromCharCode(...bytes.subarray(begin, end));
  const platform = known.get(text) ?? remember(text);
  if (!platform) return undefined;
  recent[next] = platform;
  next = (next + 1) % RECENT;
  return platform;
}

function remember(text: string): PlainPlatform | undefined {
  const platform = JSON.parse(text) as Envelope["platform"];
  if (!isPlainPlatform(platform ?? null)) return undefined;
  const plain = {
    sent: pieceOf(text),
    known: pieceOf(platformKnown(platform)),
    said: pieceOf(platformSaid(platform)),
  };
  if (known.size === REMEMBERED) known.clear();
  known.set(text, plain);
  return plain;
}
