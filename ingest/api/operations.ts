// Pure. Every operation of the interface by its method and path: what is documented, and what the client's types are.

import { entitlements } from "./entitlements.ts";
import { orders } from "./orders.ts";
import { seats } from "./seats.ts";
import { service } from "./service.ts";
import { telemetry } from "./telemetry.ts";

export const operations = { ...orders, ...seats, ...entitlements, ...telemetry, ...service } as const;

export type Operations = typeof operations;

/** `PUT /v1/catalog`, and so on. */
export type OperationKey = keyof Operations;
