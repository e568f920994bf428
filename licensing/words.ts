// Pure. The words of the field that events, policies and licenses have in common.

/** How long a license model grants: without end, a paid period, a trial period, or a short help. */
export type TermKind = "perpetual" | "subscription" | "trial" | "temporary";

/** What the length of a term is counted from. */
export type TermBasis = "order" | "start" | "first-activation";

/** What a license model counts. */
export type Metric = "node-locked" | "floating" | "named-user" | "metered" | "site";

/** What a policy allows so many times in a period. */
export type Allowance = "rehosts" | "returns" | "repairs" | "temporary";

/** What a temporary license is for: the three kinds of the field. */
export type TemporaryKind = "failure" | "renewal_pending" | "vendor_mistake";

/** What can be asked for a seat. */
export type SeatRequest =
  "activate" | "refresh" | "return" | "release" | "rehost" | "repair" | "temporary" | "consume";
