// What is in the samples of Stripe's objects, each listed by hand.

import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { importer } from "../../ingest/importers/stripe/importer.ts";
import { takeIn } from "../../ingest/sources/intake.ts";
import { testApp } from "../ingest/support.ts";
import { entriesOf, sourceOf } from "../ingest/importers/support.ts";

const samples = new URL("../../../shared/samples/stripe/", import.meta.url);
const reason = existsSync(samples) ? "" : " (skipped: ../shared/samples is not here)";

const read = (name: string) => entriesOf(importer, sourceOf(readFileSync(new URL(name, samples)), name));
const FIXTURES = "openapi_fixtures3.json";

/** Of the fixtures: what is a message, and what it comes to with nothing else on record. */
const messages: Record<string, string> = {
  // Active, and ended in the second in which it began: in the future by its period.
  subscription: "invalid_request",
  // Of a charge that nobody knows.
  refund: "unknown_order",
  // More was refunded than it is for.
  credit_note: "invalid_request",
};
const references: Record<string, string> = {
  customer: "stripe:cus_QXg1o8vcGmoR32",
  product: "prod_QXg1hqf4jFNsqG",
  price: "price_1PgafmB7WZ01zgkW6dKueIc5",
};
/** Nothing that licenses come of: these by what they are, those below by how they stand. */
const others = `
  account account_link account_session apple_pay_domain application_fee apps.secret balance balance_transaction
  bank_account billing.meter billing.meter_event billing.meter_event_adjustment billing.meter_event_summary
  billing_portal.configuration billing_portal.session capability card cash_balance climate.order climate.product
  climate.supplier confirmation_token country_spec coupon credit_note_line_item customer_balance_transaction
  customer_cash_balance_transaction customer_session deleted_account deleted_apple_pay_domain deleted_coupon
  deleted_customer deleted_discount deleted_external_account deleted_invoice deleted_invoiceitem deleted_payment_source
  deleted_person deleted_plan deleted_product deleted_product_feature deleted_radar.value_list
  deleted_radar.value_list_item deleted_subscription_item deleted_tax_id deleted_terminal.configuration
  deleted_terminal.location deleted_terminal.reader deleted_test_helpers.test_clock deleted_webhook_endpoint discount
  dispute entitlements.active_entitlement entitlements.feature ephemeral_key exchange_rate external_account fee_refund
  file file_link financial_connections.account financial_connections.account_owner financial_connections.session
  financial_connections.transaction forwarding.request funding_instructions identity.verification_report
  identity.verification_session invoiceitem issuing.authorization issuing.card issuing.cardholder issuing.dispute
  issuing.personalization_design issuing.physical_bundle issuing.settlement issuing.token issuing.transaction item
  line_item login_link mandate payment_intent payment_link payment_method payment_method_configuration
  payment_method_domain payment_source payout person plan product_feature promotion_code quote
  radar.early_fraud_warning radar.value_list radar.value_list_item reporting.report_run reporting.report_type review
  scheduled_query_run setup_attempt setup_intent shipping_rate source source_mandate_notification source_transaction
  subscription_item subscription_schedule tax.calculation tax.calculation_line_item tax.registration tax.settings
  tax.transaction tax.transaction_line_item tax_code tax_id tax_rate terminal.configuration terminal.connection_token
  terminal.location terminal.reader test_helpers.test_clock token topup transfer transfer_reversal
  treasury.credit_reversal treasury.debit_reversal treasury.financial_account treasury.financial_account_features
  treasury.inbound_transfer treasury.outbound_payment treasury.outbound_transfer treasury.received_credit
  treasury.received_debit treasury.transaction treasury.transaction_entry webhook_endpoint application
  deleted_application deleted_bank_account deleted_card deleted_price entitlements.active_entitlement_summary
  financial_connections.account_ownership billing.alert billing.alert_triggered invoice_rendering_template
  billing.credit_balance_summary billing.credit_balance_transaction billing.credit_grant sigma.sigma_api_query
  balance_settings payment_attempt_record payment_record payment_intent_amount_details_line_item
  terminal.onboarding_link tax.association radar.payment_evaluation reserve.hold reserve.plan reserve.release
  financial_connections.authorization terminal.refund
`
  .trim()
  .split(/\s+/);
const standing: Record<string, string> = {
  charge: "a charge of which nothing went back",
  "checkout.session": "a checkout that is not complete: open",
  invoice: "an invoice that is not paid: draft",
  invoice_payment: "a payment of an invoice that is status",
  event: "an event of type plan.created",
};

describe.skipIf(reason !== "")(`objects of Stripe's API${reason}`, () => {
  test("all of the fixtures are entries: each a message, a reference, or a problem that says what it is", async () => {
    const entries = await read(FIXTURES);
    const outcomes = Object.fromEntries(
      entries.map((entry) => {
        const name = entry.place.at?.replace(/^resources\./, "") ?? "";
        if (entry.kind === "problem") return [name, entry.code === "void" ? "void" : entry.detail];
        return [name, entry.kind === "reference" ? entry.reference.key : entry.kind];
      }),
    );
    expect(outcomes).toEqual({
      ...Object.fromEntries(Object.keys(messages).map((name) => [name, "message"])),
      ...references,
      ...Object.fromEntries([...others, ...Object.keys(standing)].map((name) => [name, "void"])),
    });
    expect(entries).toHaveLength(176);
    for (const [name, what] of Object.entries(standing)) {
      const entry = entries.find(({ place }) => place.at === `resources.${name}`);
      expect(entry).toMatchObject({ detail: `No license comes of this: it is ${what}.` });
    }
  });

  test("what is a message goes the way of a webhook", async () => {
    const app = await testApp();
    const outcomes: Record<string, string> = {};
    for (const entry of await read(FIXTURES)) {
      if (entry.kind !== "message") continue;
      const intake = await takeIn(app.deps.ledgers, entry.message, app.deps.clock());
      const name = entry.place.at?.replace(/^resources\./, "") ?? "";
      outcomes[name] = intake.kind === "not_understood" ? intake.problem.code : intake.kind;
    }
    expect(outcomes).toEqual(messages);
    expect(app.reported).toEqual([]);
  });

  test("a subscription of an older API is an order until the end of its period, and its SKU is the price's ID", async () => {
    const app = await testApp();
    const admin = await app.as("admin");
    const models = [
      {
        id: "month",
        name: "Monthly",
        term: { kind: "subscription", duration: "P1M" },
        metric: "node-locked",
      },
    ];
    const products = ["gold21323", "silver41294"].map((sku) => ({
      sku,
      name: sku,
      brand: "Fake",
      defaultLicenseModel: "month",
    }));
    await app.send("PUT", "/v1/catalog", { version: "1", products, licenseModels: models }, admin);
    const [sold, ...more] = await read("dj_subscription_sub_fakefakefakefakefake0001.json");
    expect([sold?.kind, more]).toEqual(["message", []]);
    if (sold?.kind !== "message") return;
    expect(await takeIn(app.deps.ledgers, sold.message, app.deps.clock())).toMatchObject({
      kind: "recorded",
      isNew: true,
    });
    const { body } = await app.send(
      "GET",
      "/v1/orders/stripe:sub_fakefakefakefakefake0001",
      undefined,
      admin,
    );
    expect(body).toMatchObject({
      // Created on 16 May 2019 at 8:26:16, started on 2 June, and paid until 16 June. Test mode.
      order: {
        customerId: "stripe:cus_6lsBvm5rJ0zyHc",
        orderedAt: "2019-05-16T08:26:16.000000Z",
        test: true,
      },
      entitlements: [
        {
          sku: "gold21323",
          quantity: 1,
          startsAt: "2019-06-02T11:58:20.000000Z",
          endsAt: "2019-06-16T08:26:16.000000Z",
        },
      ],
    });

    // The invoice is the first of another subscription: it waits for it.
    const [paid, ...further] = await read("dj_invoice_in_fakefakefakefakefake0004.json");
    expect([paid?.kind, further]).toEqual(["message", []]);
    if (paid?.kind !== "message") return;
    expect(await takeIn(app.deps.ledgers, paid.message, app.deps.clock())).toEqual({
      kind: "noted",
      isNew: true,
      orderId: "stripe:sub_fakefakefakefakefake0002",
      isWaiting: true,
    });
  });
});
