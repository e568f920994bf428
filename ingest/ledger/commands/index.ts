// Every command, by name.

import { activateAll } from "./bulk.ts";
import { adoptCatalog, publishCatalog } from "./catalog.ts";
import { changeEntitlement, splitEntitlement } from "./entitlements.ts";
import { mergeCustomers } from "./merge.ts";
import { takeNews } from "./news.ts";
import { cancelOrder, recordOrder, withdrawOrder } from "./orders.ts";
import { markReplayed, quarantine } from "./quarantine.ts";
import { activate, revokeLicense, useSeat } from "./seats.ts";
import { recordTelemetry } from "./telemetry.ts";

export const commands = {
  publishCatalog,
  adoptCatalog,
  recordOrder,
  withdrawOrder,
  cancelOrder,
  activate,
  activateAll,
  useSeat,
  revokeLicense,
  changeEntitlement,
  splitEntitlement,
  mergeCustomers,
  recordTelemetry,
  quarantine,
  markReplayed,
  takeNews,
};

export type CommandName = keyof typeof commands;
export type CommandOf<Name extends CommandName> = Parameters<(typeof commands)[Name]>[1];
export type OutcomeOf<Name extends CommandName> = ReturnType<(typeof commands)[Name]>;
