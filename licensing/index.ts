// What other rooms may use of licensing, and nothing else.

export * from "./base64url.ts";
export * from "./catalog.ts";
export * from "./code.ts";
export * from "./decide/activate.ts";
export * from "./decide/cancel.ts";
export * from "./decide/order.ts";
export * from "./entitlement.ts";
export type * from "./events.ts";
export * from "./instant.ts";
export * from "./order.ts";
export * from "./refusal.ts";
export * from "./sign.ts";
export * from "./text.ts";
export * from "./token.ts";
export * from "./verify.ts";
