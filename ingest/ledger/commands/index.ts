// Every command, by name.

import { createApiKey, noteKeyUse, noteSigningKey, revokeApiKey } from "./keys.ts";
import { payBill } from "./bills.ts";
import { activateAll } from "./bulk.ts";
import { adoptCatalog, publishCatalog } from "./catalog.ts";
import { changeEntitlement, splitEntitlement } from "./entitlements.ts";
import { eraseCustomer } from "./erase.ts";
import {
  beginImport,
  finishImport,
  noteImported,
  quarantineRecords,
  recordUses,
  settleRecords,
  takeBackImport,
} from "./import-runs.ts";
import { importOrders, takeGrants } from "./imports.ts";
import { mergeCustomers, previewMerger } from "./merge.ts";
import { takeNews } from "./news.ts";
import { cancelOrder, recordOrder, withdrawOrder } from "./orders.ts";
import { markReplayed, quarantine } from "./quarantine.ts";
import { refundOrder } from "./refunds.ts";
import { noteReference, returnMoney } from "./returns.ts";
import { followSubscription } from "./subscriptions.ts";
import { tidy } from "./tidy.ts";
import { activate, revokeLicense, useSeat } from "./seats.ts";
import { keepTelemetry, recordTelemetry } from "./telemetry.ts";

export const commands = {
  publishCatalog,
  adoptCatalog,
  recordOrder,
  withdrawOrder,
  cancelOrder,
  refundOrder,
  followSubscription,
  payBill,
  returnMoney,
  noteReference,
  activate,
  activateAll,
  useSeat,
  revokeLicense,
  changeEntitlement,
  splitEntitlement,
  previewMerger,
  mergeCustomers,
  eraseCustomer,
  importOrders,
  takeGrants,
  beginImport,
  finishImport,
  takeBackImport,
  recordUses,
  noteImported,
  quarantineRecords,
  settleRecords,
  recordTelemetry,
  keepTelemetry,
  quarantine,
  markReplayed,
  takeNews,
  createApiKey,
  revokeApiKey,
  noteKeyUse,
  noteSigningKey,
  tidy,
};

/** These reach entitlements through the store alone: the next one of a group finds what the last one left there. */
export const seatCommands: ReadonlySet<CommandName> = new Set(["activate", "activateAll", "useSeat"]);

export type CommandName = keyof typeof commands;
export type CommandOf<Name extends CommandName> = Parameters<(typeof commands)[Name]>[1];
export type OutcomeOf<Name extends CommandName> = ReturnType<(typeof commands)[Name]>;
