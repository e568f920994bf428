// Pure. A line of telemetry as most are, looked through once in bytes: printable ASCII, fields that we know, nothing unusual.
// What is found here is where its fields stand, and that `read.ts` would make a fact of them and no problem. Whatever is
// not plain, or wrong, is left to that.

import { shardOfId } from "../ledger/placement.ts";
import { endOfText, holds, pieceOf, type Piece } from "./bytes.ts";
import { MAX_ID, MAX_USER } from "./envelope.ts";
import { factHead } from "./fact.ts";
import { endOfDetail, fitsType } from "./plain-detail.ts";
import { endOfObject } from "./plain-json.ts";
import { plainTime, readPlainTime } from "./plain-time.ts";
import { type PlainPlatform, readPlatform, recentPlatform } from "./platforms.ts";
import { earliest, latest, type Told } from "./reading.ts";
import { envelopeNeeds, telemetryDetail, type TelemetryType } from "./types.ts";

const [QUOTE, COMMA, OPEN_OBJECT, CLOSE_OBJECT] = [0x22, 0x2c, 0x7b, 0x7d];

/** A type as it is sent, and as a fact begins with it. */
interface PlainType {
  name: TelemetryType;
  sent: Piece;
  head: Piece;
  needs: number;
}

/** A field of each kind, as a bit. */
const [ID, TYPE, TIME, ACTIVATION, ENTITLEMENT] = [1, 2, 4, 8, 16];
const [HOST, USER, PLATFORM, APP, DATA] = [32, 64, 128, 256, 512];
const ALWAYS = ID | TYPE | TIME;

const needed = { app: APP, platform: PLATFORM };

const types = (Object.keys(telemetryDetail) as TelemetryType[]).map((name): PlainType => {
  const need = envelopeNeeds[name];
  return {
    name,
    sent: pieceOf(`${name}"`),
    head: pieceOf(factHead(name)),
    needs: ALWAYS | (need === undefined ? 0 : needed[need]),
  };
});

/** Names as they are sent, each up to where its value begins. */
const sent = {
  id: pieceOf(`"id":"`),
  type: pieceOf(`"type":"`),
  time: pieceOf(`"occurredAt":"`),
  activation: pieceOf(`"activationId":"act_`),
  entitlement: pieceOf(`"entitlementId":"ent_`),
  host: pieceOf(`"host":{"id":"`),
  hostName: pieceOf(`,"name":"`),
  user: pieceOf(`"user":"`),
  platform: pieceOf(`"platform":{`),
  app: pieceOf(`"app":{"version":"`),
  data: pieceOf(`"data":{`),
};

const MAX_HOST = 500;
const MAX_VERSION = 100;
/** Characters of an ID of ours after its prefix. */
const OWN_CHARACTERS = 28;
const PREFIX = 4;
const NO_PLACE = 255;
/** Their alphabet: each character's place in it, which two of them make a shard of. */
const places = Uint8Array.from(
  { length: 256 },
  (_, byte) => shardOfId(`act_0${String.fromCharCode(byte)}`) ?? NO_PLACE,
);

const [LETTER_A, LETTER_D, LETTER_E, LETTER_H, LETTER_I] = [0x61, 0x64, 0x65, 0x68, 0x69];
const [LETTER_O, LETTER_P, LETTER_T, LETTER_U] = [0x6f, 0x70, 0x74, 0x75];

/** A line that is looked through, and where its fields stand: each from a begin to an end, 0 where there is none. */
export class PlainLine {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  type: PlainType | undefined;
  idBegin = 0;
  idEnd = 0;
  timeBegin = 0;
  /** Digits of its fraction of a second. */
  timePlaces = 0;
  /** Where the IDs begin, with their prefix. */
  activation = 0;
  entitlement = 0;
  hostBegin = 0;
  hostEnd = 0;
  userBegin = 0;
  userEnd = 0;
  platform: PlainPlatform | undefined;
  versionBegin = 0;
  versionEnd = 0;
  dataBegin = 0;
  dataEnd = 0;
  #seen = 0;

  /** @param bytes which lines are in; {@link PADDING} more follow each that is read */
  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /**
   * Looks through a line, each byte once.
   * @param end where its line break stands, or a zero
   * @returns whether it is plain, and tells a fact
   */
  read(begin: number, end: number, told: Told): boolean {
    const { bytes } = this;
    this.#forget();
    let i = begin;
    if (bytes[i] !== OPEN_OBJECT) return false;
    do {
      i = this.#field(i + 1);
      if (i < 0) return false;
    } while (bytes[i] === COMMA);
    return bytes[i] === CLOSE_OBJECT && i + 1 === end && this.#isFact(told);
  }

  /** The shard that is named by the activation, else by the entitlement. */
  shard(): number {
    const { bytes } = this;
    const at = (this.activation || this.entitlement) + PREFIX;
    return ((places[bytes[at] ?? 0] ?? 0) << 5) | (places[bytes[at + 1] ?? 0] ?? 0);
  }

  #forget(): void {
    this.#seen = 0;
    this.type = undefined;
    this.platform = undefined;
    this.activation = this.entitlement = 0;
    this.hostEnd = this.userEnd = this.versionEnd = this.dataEnd = 0;
    // With their ends, these say how much room a fact needs.
    this.versionBegin = this.dataBegin = 0;
  }

  #isFact(told: Told): boolean {
    const { type } = this;
    const seen = this.#seen;
    return (
      type !== undefined &&
      (seen & type.needs) === type.needs &&
      (seen & (ACTIVATION | ENTITLEMENT)) !== 0 &&
      fitsType(type.name, this.dataEnd > 0) &&
      plainTime.at <= latest(told) &&
      plainTime.at >= earliest(told)
    );
  }

  /** Reads a field and its value. @returns where it ends; -1 where it is not plain */
  #field(at: number): number {
    switch (this.bytes[at + 1] ?? 0) {
      case LETTER_I:
        return this.#is(ID, sent.id, at) ? this.#id(at + sent.id.length) : -1;
      case LETTER_T:
        return this.#is(TYPE, sent.type, at) ? this.#type(at + sent.type.length) : -1;
      case LETTER_O:
        return this.#is(TIME, sent.time, at) ? this.#time(at + sent.time.length) : -1;
      case LETTER_A:
        if (this.#is(ACTIVATION, sent.activation, at))
          return this.#ownEnd((this.activation = at + sent.activation.length - PREFIX));
        return this.#is(APP, sent.app, at) ? this.#app(at + sent.app.length) : -1;
      case LETTER_E:
        if (!this.#is(ENTITLEMENT, sent.entitlement, at)) return -1;
        return this.#ownEnd((this.entitlement = at + sent.entitlement.length - PREFIX));
      case LETTER_H:
        return this.#is(HOST, sent.host, at) ? this.#host(at + sent.host.length) : -1;
      case LETTER_U:
        return this.#is(USER, sent.user, at) ? this.#user(at + sent.user.length) : -1;
      case LETTER_P:
        return this.#is(PLATFORM, sent.platform, at) ? this.#platform(at + sent.platform.length - 1) : -1;
      case LETTER_D:
        return this.#is(DATA, sent.data, at) ? this.#data(at + sent.data.length - 1) : -1;
      default:
        return -1;
    }
  }

  /** Whether a field stands at a place, and did not before. */
  #is(field: number, name: Piece, at: number): boolean {
    if ((this.#seen & field) !== 0 || !holds(this.view, at, name)) return false;
    this.#seen |= field;
    return true;
  }

  #id(begin: number): number {
    this.idBegin = begin;
    this.idEnd = this.#textEnd(begin, MAX_ID);
    return this.idEnd < 0 ? -1 : this.idEnd + 1;
  }

  #type(at: number): number {
    for (const type of types) {
      if (!holds(this.view, at, type.sent)) continue;
      this.type = type;
      return at + type.sent.length;
    }
    return -1;
  }

  #time(begin: number): number {
    const end = readPlainTime(this.bytes, this.view, begin);
    if (end < 0 || this.bytes[end] !== QUOTE) return -1;
    this.timeBegin = begin;
    this.timePlaces = plainTime.places;
    return end + 1;
  }

  #ownEnd(begin: number): number {
    const { bytes } = this;
    const end = begin + PREFIX + OWN_CHARACTERS;
    for (let i = begin + PREFIX; i < end; i++) if (places[bytes[i] ?? 0] === NO_PLACE) return -1;
    return bytes[end] === QUOTE ? end + 1 : -1;
  }

  #host(begin: number): number {
    this.hostBegin = begin;
    let end = (this.hostEnd = this.#textEnd(begin, MAX_HOST));
    if (end < 0) return -1;
    if (this.bytes[end + 1] === COMMA) {
      if (!holds(this.view, end + 1, sent.hostName)) return -1;
      end = endOfText(this.bytes, end + 1 + sent.hostName.length);
    }
    return this.#closed(end);
  }

  #user(begin: number): number {
    this.userBegin = begin;
    this.userEnd = this.#textEnd(begin, MAX_USER);
    return this.userEnd < 0 ? -1 : this.userEnd + 1;
  }

  #app(begin: number): number {
    this.versionBegin = begin;
    this.versionEnd = this.#textEnd(begin, MAX_VERSION);
    return this.#closed(this.versionEnd);
  }

  #platform(begin: number): number {
    const { bytes, view } = this;
    this.platform = recentPlatform(view, begin);
    if (this.platform) return begin + this.platform.sent.length;
    const end = endOfObject(bytes, begin, null);
    if (end >= 0) this.platform = readPlatform(bytes, begin, end);
    return this.platform ? end : -1;
  }

  #data(begin: number): number {
    this.dataBegin = begin;
    this.dataEnd = endOfDetail(this.bytes, begin);
    return this.dataEnd;
  }

  /** Where a text of 1 to `max` characters ends; otherwise -1. */
  #textEnd(begin: number, max: number): number {
    const end = endOfText(this.bytes, begin);
    return this.bytes[end] === QUOTE && end > begin && end - begin <= max ? end : -1;
  }

  /** Where an object ends that ends after a text; otherwise -1. */
  #closed(end: number): number {
    const { bytes } = this;
    return end > 0 && bytes[end] === QUOTE && bytes[end + 1] === CLOSE_OBJECT ? end + 2 : -1;
  }
}
