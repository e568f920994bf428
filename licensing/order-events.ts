// Pure. What can happen to an order as a whole; what it grants has events of its own. Written as those are (`events.ts`).

/** An order arrived, and every line of it was granted. */
export interface OrderRecorded extends OrderKeys {
  type: "order.recorded";
  data: {
    ordered_at: string;
    channel: string;
    is_test: boolean;
    country: string | null;
    lines: {
      line_number: number;
      entitlement_id: string;
      sku: string;
      license_model: string;
      quantity: number;
      unit_amount_minor: number;
      amount_minor: number;
      currency: string;
      price_band: string | null;
      starts_at: string;
    }[];
  };
}

/** An order was taken back; its entitlements end with events of their own. */
export interface OrderCancelled extends OrderKeys {
  type: "order.cancelled";
  data: { reason: string };
}

/** Money of an order went back, or was promised. */
export interface OrderRefunded extends OrderKeys {
  type: "order.refunded";
  data: {
    refund_id: string;
    kind: "refund" | "credit";
    reason: string;
    by: string;
    /** `quantity` is for how many seats: 0 where the price alone was lessened. */
    lines: { line_number: number; amount_minor: number; currency: string; quantity: number }[];
  };
}

/** Whom an event of an order is about, and when it happened. */
export interface OrderKeys {
  order_id: string;
  customer_id: string;
  occurred_at: string;
}

/** An event of one order, as the rules make it. */
export type OrderEvent = OrderRecorded | OrderCancelled;
