import { expect, test } from "vitest";
import { temporaryFolder } from "../support/folder.ts";
import { killRounds } from "./kill.ts";

const ROUNDS = 12;
const CLIENTS = 64;

test(`killed with -9 under ${CLIENTS} clients, ${ROUNDS} times, it loses nothing that it acknowledged, and doubles nothing`, async () => {
  const home = await temporaryFolder();
  const report = await killRounds({ home, rounds: ROUNDS, clients: CLIENTS });
  const sound = { missing: 0, twice: 0 };
  const all = { orders: sound, seats: sound, licenses: sound, telemetry: sound };
  for (const { ledger } of report.rounds) expect(ledger).toMatchObject(all);
  expect(report).toMatchObject({ ledger: all, lake: all, isSound: true });
  const { events } = report;
  expect(events).toEqual({ ledger: events.ledger, lake: events.ledger, places: events.ledger });
  // It is no proof where nothing was under way.
  expect(report.ledger.orders.acknowledged).toBeGreaterThan(ROUNDS * 15);
  expect(report.ledger.seats.acknowledged).toBeGreaterThan(ROUNDS * 5);
  expect(report.ledger.telemetry.acknowledged).toBeGreaterThan(0);
}, 180_000);
