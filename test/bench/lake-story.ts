// Pure. A vendor's two years for the lake's benchmark: entitlements at an even pace, each with what happens to it later.
// What is told of one is a matter of its number alone, so that a million events are the same events on every machine.

/** When each chapter of an entitlement's story is told, in days after its order. */
const CHAPTERS = [
  { day: 0, tell: ordered },
  { day: 2, tell: bound },
  { day: 5, tell: refused },
  { day: 10, tell: heartbeat },
  { day: 32, tell: refreshed },
  { day: 33, tell: heartbeat },
  { day: 40, tell: boundAgain },
  { day: 45, tell: cancelled },
  { day: 60, tell: ended },
  { day: 90, tell: featureUsed },
  { day: 100, tell: rehosted },
  { day: 150, tell: refreshed },
  { day: 200, tell: heartbeat },
  { day: 240, tell: changed },
  { day: 360, tell: renewed },
  { day: 400, tell: heartbeat },
] as const;

const DAYS = 730;
const DAY_MS = 86_400_000;
const BEGIN_MS = Date.UTC(2025, 0, 1);

/** Of one entitlement, what its events say. */
interface Story {
  number: number;
  shard: number;
  /** Chance of its own: 32 bits. */
  dice: number;
  keys: string;
  sku: string;
  platform: string;
}

/** A line without its place: `rest` follows `"seq":N`. */
interface Told {
  type: string;
  /** Keys beyond the entitlement's, and data. */
  rest: string;
}

/**
 * Lines of one shard, each with its time, in the order of its ledger, for ever.
 * @param entitlements how many orders two years have in this shard
 */
export function* linesOf(
  shard: number,
  entitlements: number,
): Generator<{ line: string; at: string }, never> {
  const delays = CHAPTERS.map(({ day }) => Math.round((day * entitlements) / DAYS));
  let seq = 0;
  for (let tick = 0; ; tick += 1) {
    const atMs = BEGIN_MS + Math.floor((tick * DAYS * DAY_MS) / entitlements);
    let nth = 0;
    for (const [index, { tell }] of CHAPTERS.entries()) {
      const number = tick - (delays[index] ?? 0);
      if (number < 0) break;
      const story = storyOf(shard, number);
      for (const { type, rest } of tell(story, atMs)) {
        seq += 1;
        nth += 1;
        const at = instant(atMs, nth);
        const line = `{"id":"${eventId(atMs, shard, seq)}","type":"${type}","schema":1,"source":"api","occurred_at":"${at}","recorded_at":"${at}","shard":${shard},"seq":${seq}${story.keys}${rest}}`;
        yield { line, at };
      }
    }
  }
}

/** Profiles of the customers who ordered in so many entitlements of a shard. */
export function profilesOf(shard: number, entitlements: number): string[] {
  return Array.from({ length: Math.ceil(entitlements / ENTITLEMENTS_A_CUSTOMER) }, (_, index) => {
    const customer = `C-${shard}-${String(index).padStart(7, "0")}`;
    return `{"shard":${shard},"seq":${index + 1},"recorded_at":"${instant(BEGIN_MS, 0)}","customer_id":"${customer}","name":"Customer ${index}","email":"buyer-${index}@customer.example","country":"${pick(countries, index)}"}`;
  });
}

const ENTITLEMENTS_A_CUSTOMER = 5;

const countries = [
  "US",
  "DE",
  "JP",
  "FR",
  "GB",
  "US",
  "IT",
  "CN",
  "IN",
  "BR",
  "DE",
  "CA",
  "KR",
  "NL",
  "SE",
  "ES",
] as const;

/** A customer orders from one country. */
const countryOf = ({ number }: Story): string =>
  pick(countries, Math.floor(number / ENTITLEMENTS_A_CUSTOMER));

const models = [
  ["annual-node", "Annual, node-locked", "subscription", "P1Y", "node-locked"],
  ["perpetual-float", "Perpetual, floating", "perpetual", null, "floating"],
  ["monthly-user", "Monthly, named user", "subscription", "P1M", "named-user"],
  ["perpetual-node", "Perpetual, node-locked", "perpetual", null, "node-locked"],
  ["trial", "Trial", "trial", "P30D", "node-locked"],
] as const;

function storyOf(shard: number, number: number): Story {
  const dice = mix(number * 2 + shard);
  const customer = String(Math.floor(number / ENTITLEMENTS_A_CUSTOMER)).padStart(7, "0");
  const sku = `CAD-${dice % 12}`;
  const os = pick(["windows", "windows", "linux", "darwin"], dice >>> 4);
  const version =
    os === "windows" ? pick(["10", "11"], dice >>> 8) : pick(["14.4", "15.1", "24.04"], dice >>> 8);
  return {
    number,
    shard,
    dice,
    keys: `,"customer_id":"C-${shard}-${customer}","order_id":"SO-${shard}-${number}"`,
    sku,
    platform: `"os_type":"${os}","os_version":"${version}","arch":"${pick(["amd64", "amd64", "arm64"], dice >>> 12)}","app_version":"7.${(dice >>> 16) % 6}"`,
  };
}

function ordered(story: Story, atMs: number): Told[] {
  const { dice, sku } = story;
  const [model, name, term, duration, metric] = modelOf(story);
  const quantity = quantityOf(story);
  const price = 10_000 + (dice % 97) * 1_000;
  const at = instant(atMs, 0);
  const money = `"quantity":${quantity},"unit_amount_minor":${price},"amount_minor":${price * quantity},"currency":"${pick(["EUR", "USD", "JPY"], dice >>> 6)}","price_band":"${pick(["standard", "high-touch"], dice >>> 9)}"`;
  const sale = `"channel":"${pick(["direct", "web", "partner"], dice >>> 3)}","is_test":${dice % 100 === 0},"country":"${countryOf(story)}"`;
  const ends = duration === null ? "null" : `"${instant(atMs + daysOf(duration) * DAY_MS, 0)}"`;
  return [
    {
      type: "order.recorded",
      rest: `,"data":{"ordered_at":"${at}",${sale},"lines":[{"line_number":1,"entitlement_id":"${entitlementOf(story)}","sku":"${sku}","license_model":"${model}",${money},"starts_at":"${at}"}]}`,
    },
    {
      type: "entitlement.granted",
      rest: `${about(story)},"data":{"line_number":1,"product":{"sku":"${sku}","name":"Atlas ${sku}","brand":"${pick(["Atlas", "Boreal"], dice % 12)}","features":["3d","export"]},"model":{"id":"${model}","name":"${name}","term":"${term}","duration":${JSON.stringify(duration)},"expires_from":"start","consumption_per":null,"metric":"${metric}"},"policy":{"lease":"P30D","overdraft":"10%"},${money},${sale},"ordered_at":"${at}","delivered_at":"${at}","starts_at":"${at}","ends_at":${ends},"maintenance_ends_at":null,"parent_entitlement_id":null}`,
    },
  ];
}

function bound(story: Story, atMs: number): Told[] {
  return isUsed(story) ? seat(story, atMs, 1, 1, "activated") : [];
}

function boundAgain(story: Story, atMs: number): Told[] {
  return isUsed(story) && quantityOf(story) > 1 ? seat(story, atMs, 2, 1, "activated") : [];
}

function rehosted(story: Story, atMs: number): Told[] {
  return isLive(story) && story.dice % 11 === 0 ? seat(story, atMs, 1, 2, "rehosted") : [];
}

function seat(story: Story, atMs: number, nth: number, generation: number, reason: string): Told[] {
  return [
    {
      type: "activation.bound",
      rest: `${about(story, nth)},"data":{${story.platform},"generation":${generation},"reason":"${reason}","host_hash":"${hostOf(story, nth + generation * 4)}","user_hash":null,"os_type_raw":null,"arch_raw":null}`,
    },
    licensed(story, atMs, nth, generation, reason),
  ];
}

function refreshed(story: Story, atMs: number): Told[] {
  // The second refresh finds seats that moved in their second generation.
  return isLive(story) && story.dice % 11 !== 0 ? [licensed(story, atMs, 1, 1, "refreshed")] : [];
}

function licensed(story: Story, atMs: number, nth: number, generation: number, reason: string): Told {
  return {
    type: "license.issued",
    rest: `${about(story, nth)},"license_id":"lic_${idOf(story, nth, atMs)}","data":{"generation":${generation},"not_before":"${instant(atMs, 0)}","expires_at":"${instant(atMs + 30 * DAY_MS, 0)}","reason":"${reason}"}`,
  };
}

function refused(story: Story): Told[] {
  if (story.dice % 7 !== 0) return [];
  return [
    {
      type: "activation.refused",
      rest: `${about(story)},"data":{"request":"activate",${story.platform},"code":"no_seats_left","rule":"seats","passes_at":null,"host_hash":"${hostOf(story, 3)}"}`,
    },
  ];
}

const telemetry = (story: Story, type: string, detail: string): Told[] =>
  isLive(story)
    ? [
        {
          type,
          rest: `${about(story, 1)},"data":{"host_hash":"${hostOf(story, 5)}","user_hash":null,"client_event_id":"${idOf(story, 1, story.dice)}",${story.platform},"os_type_raw":null,"arch_raw":null,"detail":${detail}}`,
        },
      ]
    : [];
function heartbeat(story: Story): Told[] {
  return telemetry(story, "telemetry.heartbeat", "{}");
}
function featureUsed(story: Story): Told[] {
  return telemetry(story, "telemetry.feature_used", `{"feature":"export","count":${1 + (story.dice % 9)}}`);
}

function cancelled(story: Story): Told[] {
  if (!isCancelled(story)) return [];
  const seats = isUsed(story) ? (quantityOf(story) > 1 ? 2 : 1) : 0;
  return [
    { type: "order.cancelled", rest: `,"data":{"reason":"customer_request"}` },
    {
      type: "entitlement.cancelled",
      rest: `${about(story)},"data":{"reason":"customer_request","seats_ended":${seats}}`,
    },
  ];
}

function ended(story: Story): Told[] {
  if (!isUsed(story) || isCancelled(story) || isLive(story)) return [];
  return [{ type: "activation.ended", rest: `${about(story, 1)},"data":{"reason":"lease_ended"}` }];
}

function changed(story: Story): Told[] {
  if (isCancelled(story) || story.dice % 13 !== 0) return [];
  const quantity = quantityOf(story) + 2;
  return [
    {
      type: "entitlement.extended",
      rest: `${about(story)},"data":{"by":"sales","reason":"more seats","quantity":${quantity},"added":2}`,
    },
  ];
}

function renewed(story: Story, atMs: number): Told[] {
  const [model] = modelOf(story);
  if (model !== "annual-node" || isCancelled(story) || story.dice % 3 === 0) return [];
  return [
    {
      type: "entitlement.renewed",
      rest: `${about(story)},"data":{"by":"sales","reason":"renewal","starts_at":"${instant(atMs + 5 * DAY_MS, 0)}","ends_at":"${instant(atMs + 370 * DAY_MS, 0)}","maintenance_ends_at":null}`,
    },
  ];
}

const modelOf = ({ dice }: Story) => models[(dice >>> 20) % models.length] ?? models[0];
const daysOf = (duration: string) => ({ P1Y: 365, P1M: 30 })[duration] ?? 30;
const quantityOf = ({ dice }: Story) => 1 + ((dice >>> 18) % 3);
const isUsed = ({ dice }: Story) => dice % 10 !== 0;
const isCancelled = ({ dice }: Story) => dice % 31 === 0;
/** Whether its first seat stays in use. */
const isLive = (story: Story) => isUsed(story) && !isCancelled(story) && story.dice % 5 !== 1;

const entitlementOf = (story: Story) => `ent_${idOf(story, 0, 0)}`;
const about = (story: Story, seatNumber?: number) =>
  `,"entitlement_id":"${entitlementOf(story)}","sku":"${story.sku}"${seatNumber === undefined ? "" : `,"activation_id":"act_${idOf(story, seatNumber, 0)}"`}`;

/** In the form of the ledger's: the shard, then 26 characters. What is made of one thing at another minute has another. */
function idOf({ shard, number, dice }: Story, kind: number, atMs: number): string {
  const random = mix(dice ^ kind) * 2 ** 20 + (Math.floor(atMs / 60_000) % 2 ** 20);
  return `0${shard}${number.toString(32).padStart(13, "0")}${random.toString(32).padStart(13, "0")}`.slice(
    0,
    28,
  );
}

const hostOf = ({ dice, number }: Story, nth: number) =>
  [1, 2, 3, 4].map((part) => hex(mix(dice + number * 31 + nth * 7 + part), 8)).join("");

const hex = (value: number, width: number) => value.toString(16).padStart(width, "0");

/** A UUIDv7 in form: the time, then what looks like chance. */
function eventId(ms: number, shard: number, seq: number): string {
  const time = hex(ms, 12);
  const random = hex(mix(seq), 8);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(0, 3)}-8${random.slice(3, 6)}-${hex(shard, 2)}${hex(seq, 10)}`;
}

function instant(ms: number, micros: number): string {
  const fraction = String(micros).padStart(3, "0");
  return `${new Date(ms).toISOString().slice(0, -1)}${fraction}Z`;
}

const pick = <T>(values: readonly [T, ...T[]], dice: number): T => values[dice % values.length] ?? values[0];

/** A number of 32 bits that looks like chance (the finalizer of MurmurHash3). */
function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
