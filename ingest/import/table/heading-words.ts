// Pure. What people and systems write over their columns, in English and German. The first words of each are the surest.

import type { ColumnName } from "./columns.ts";

const written: Record<ColumnName, string> = {
  order:
    "order id, order no, order number, order #, order, sales order, sales order no, so number, so #, entitlement id, activation id, license id, licence id, contract no, contract number, document no, invoice no, invoice number, po number, po #, bestellnr, bestellnummer, bestellung, auftragsnr, auftragsnummer, auftrag, auftrags id, lizenznummer, vertragsnr, vertragsnummer, belegnr, belegnummer, vorgangsnr, rechnungsnr, rechnungsnummer",
  line: "line, line no, line number, line #, order line, order line number, line item, line item no, position, pos, pos nr, positionsnr, positionsnummer, zeile, zeilennr",
  product:
    "sku, part no, part number, part #, part, product code, product id, product no, product number, product #, item code, item no, item number, item #, material, material no, material number, article no, article number, artikelnr, artikelnummer, artikel nr, art nr, materialnr, materialnummer, produktnr, produktnummer, produktcode, product, product name, item, item name, software, title, article, artikel, produkt, produktname, bezeichnung",
  productName:
    "product name, product description, item name, item description, description, part description, material description, title, product, produktname, produktbezeichnung, artikelbezeichnung, artikelname, bezeichnung, beschreibung, artikeltext, produkt, artikel",
  brand:
    "brand, product line, product family, manufacturer, publisher, vendor, marke, hersteller, produktlinie, produktfamilie",
  version: "version, product version, release, produktversion",
  model:
    "license model, licence model, license type, licence type, licensing model, license metric, licence metric, metric, subscription type, plan, edition, lizenzmodell, lizenztyp, lizenzart, lizenzmetrik, tarif",
  quantity:
    "quantity, qty, seats, number of seats, no of seats, # of seats, seat count, license count, licence count, licenses, licences, number of licenses, no of licenses, users, copies, units, count, total quantity, ordered quantity, order quantity, anzahl, menge, stückzahl, stk, stück, anzahl lizenzen, lizenzen, arbeitsplätze, plätze, bestellmenge",
  unitPrice:
    "unit price, price per unit, price per seat, net unit price, unit net price, price each, price, list price, einzelpreis, stückpreis, preis pro stück, preis je einheit, ep, preis, nettopreis, listenpreis",
  amount:
    "amount, line total, line amount, extended price, ext price, total price, net amount, net value, total, total amount, value, revenue, betrag, gesamtpreis, positionswert, positionsbetrag, nettobetrag, nettowert, summe, gesamt, gesamtbetrag, umsatz",
  currency: "currency, currency code, curr, ccy, währung, whg, währungscode, wrg",
  customerId:
    "customer id, customer no, customer number, customer #, customer code, cust no, cust id, account id, account no, account number, client id, client no, company id, sold to id, sold to no, sold to number, sold to party, end customer id, kundennr, kundennummer, kunden id, kd nr, debitor, debitorennr, debitorennummer, sold to, customer, account, client, kunde",
  customerName:
    "customer name, customer, company, company name, account name, client name, organization, organisation, end customer, end customer name, end user company, sold to name, sold to, sold to party, account, client, name, kundenname, kunde, firma, firmenname, unternehmen, endkunde, auftraggeber",
  email:
    "email, e mail, email address, e mail address, mail, contact email, customer email, user email, e mail adresse, mailadresse",
  country:
    "country, country code, sold to country, ship to country, customer country, bill to country, land, ländercode, länderkennzeichen, lkz",
  channel: "channel, sales channel, order channel, route to market, kanal, vertriebskanal, vertriebsweg",
  orderedAt:
    "order date, ordered at, ordered on, ordered, date ordered, purchase date, purchased on, booking date, created on, created at, creation date, created, date created, invoice date, document date, issue date, issued, date, bestelldatum, bestellt am, auftragsdatum, belegdatum, kaufdatum, erstellt am, rechnungsdatum, ausgestellt am, datum",
  deliveredAt:
    "delivery date, delivered at, delivered on, delivered, ship date, shipped on, shipped, fulfillment date, lieferdatum, geliefert am, versanddatum",
  startsAt:
    "start date, starts on, starts at, start, term start, term start date, subscription start, subscription start date, valid from, effective date, effective from, from, startdatum, beginn, laufzeitbeginn, gültig ab, gültig von, vertragsbeginn, von, ab",
  endsAt:
    "end date, expiration date, expiry date, expiration, expiry, expires, expires on, expires at, exp date, term end, term end date, subscription end, subscription end date, valid until, valid to, valid through, end, until, enddatum, ablaufdatum, läuft ab am, gültig bis, laufzeitende, vertragsende, ende, bis",
  cancelledAt:
    "cancelled at, canceled at, cancelled on, canceled on, cancellation date, cancelled, canceled, storniert am, stornodatum, gekündigt am, kündigungsdatum, storno",
  test: "test, is test, test order, test license, testbestellung, testlizenz",
  hostId:
    "host id, machine id, device id, fingerprint, hardware id, hwid, node id, mac address, server host id, geräte id, rechner id, hardware kennung",
  hostName:
    "host name, hostname, machine name, computer name, device name, computer, machine, host, server name, rechnername, rechner, gerätename, gerät",
  user: "user, user name, username, login, assigned to, assigned user, named user, benutzer, benutzername, nutzer, anwender, zugewiesen an",
  os: "os, operating system, os name, betriebssystem",
  osVersion: "os version, operating system version, betriebssystemversion",
  arch: "arch, architecture, cpu, processor, architektur, prozessor",
  appVersion: "app version, installed version, client version, application version, installierte version",
  activatedAt:
    "activated at, activated on, activation date, activated, date activated, aktiviert am, aktivierungsdatum",
};

/** A heading as it is compared: its words, lowercase, without signs. */
export function wordsOf(heading: string): string {
  return (
    heading
      // `OrderID` is two words, and so is `orderId`.
      .replaceAll(/(?<=\p{Ll})(?=\p{Lu})/gu, " ")
      .toLowerCase()
      .replaceAll("ä", "ae")
      .replaceAll("ö", "oe")
      .replaceAll("ü", "ue")
      .replaceAll("ß", "ss")
      .replaceAll("#", " no ")
      .replaceAll(/[^\p{L}\p{N}]+/gu, " ")
      .trim()
  );
}

const joined = (words: string) => words.replaceAll(" ", "");

/** By column, its words from the surest on. */
const known: [ColumnName, { spaced: string; whole: string }[]][] = Object.entries(written).map(
  ([name, list]) => [
    name as ColumnName,
    list.split(",").map((words) => ({ spaced: wordsOf(words), whole: joined(wordsOf(words)) })),
  ],
);

/** How sure it is what stands under a heading: the lower the surer. */
export interface Candidate {
  name: ColumnName;
  rank: number;
  /** Whether the heading says more than the words that are known. */
  isLoose: boolean;
}

/** Loose ones come after all others. */
const LOOSE = 1000;
/** Shorter words are in too many others. */
const MIN_LOOSE_LENGTH = 4;

/** What may stand under a heading, as far as it says. */
export function candidatesOf(heading: string): Candidate[] {
  const words = wordsOf(heading);
  const whole = joined(words);
  return known.flatMap(([name, list]): Candidate[] => {
    const exact = list.findIndex((it) => it.whole === whole);
    if (exact >= 0) return [{ name, rank: exact, isLoose: false }];
    const loose = list.findIndex(
      ({ spaced }) => spaced.length >= MIN_LOOSE_LENGTH && ` ${words} `.includes(` ${spaced} `),
    );
    return loose < 0 ? [] : [{ name, rank: LOOSE + loose, isLoose: true }];
  });
}
