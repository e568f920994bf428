// Pure. Who buys. Names are put together from syllables: nobody is meant, and mail goes to example domains (RFC 2606).

import type { Currency, Offer } from "./offers.ts";
import { createFleet, type Fleet } from "./platforms.ts";
import type { Random } from "./random.ts";

/** A customer, with the computers and people that come to light over the year. */
export interface Customer {
  id: string;
  name: string;
  email: string;
  country: string;
  currency: Currency;
  isCompany: boolean;
  /** Head count of those who may need the product; 1 for a person. */
  size: number;
  fleet: Fleet;
  /** What they ordered so far, in order. */
  bought: Offer[];
  /** A company of the same group, known before this one. */
  sister: Customer | null;
}

interface Country {
  code: string;
  weight: number;
  currency: Currency;
  /** What companies there put behind their names. */
  legalForms: readonly string[];
}

const countries: readonly Country[] = [
  { code: "DE", weight: 22, currency: "EUR", legalForms: ["GmbH", "AG", "GmbH & Co. KG"] },
  { code: "US", weight: 20, currency: "USD", legalForms: ["Inc.", "LLC", "Corp."] },
  { code: "GB", weight: 10, currency: "GBP", legalForms: ["Ltd", "LLP"] },
  { code: "FR", weight: 9, currency: "EUR", legalForms: ["SAS", "SARL"] },
  { code: "JP", weight: 6, currency: "JPY", legalForms: ["K.K.", "G.K."] },
  { code: "NL", weight: 5, currency: "EUR", legalForms: ["B.V."] },
  { code: "IT", weight: 5, currency: "EUR", legalForms: ["S.r.l.", "S.p.A."] },
  { code: "ES", weight: 4, currency: "EUR", legalForms: ["S.L."] },
  { code: "AT", weight: 4, currency: "EUR", legalForms: ["GmbH"] },
  { code: "CH", weight: 3, currency: "EUR", legalForms: ["AG", "GmbH"] },
  { code: "SE", weight: 3, currency: "EUR", legalForms: ["AB"] },
  { code: "PL", weight: 3, currency: "EUR", legalForms: ["Sp. z o.o."] },
  { code: "CA", weight: 3, currency: "USD", legalForms: ["Inc.", "Ltd."] },
  { code: "AU", weight: 3, currency: "USD", legalForms: ["Pty Ltd"] },
];

const openings =
  "Bra Cal Del Fen Gar Hol Ist Jor Kel Lan Mor Nev Ost Pel Quin Ras Sol Tam Ul Vor Wes Zan".split(" ");
const middles = "a be di go la mi no ra so ti ve wi".split(" ");
const closings = "bach berg dal don field gard ham lund mark nay ric ston tal ven wick".split(" ");
const trades =
  "Aerospace Analytics Automotive Bikes Boats Castings Design Foods Glass Instruments Labs Lighting Machines Models Optics Robotics Rail Studio Systems Timber Tools Works".split(
    " ",
  );
const givenOpenings = "An Be Da El Fa Ga Ha I Jo Ka Le Ma Ni O Pe Ra Sa Te U Vi Yu".split(" ");
const givenClosings = "bel dis ko lan lia min na ra ren ri sa tha vin".split(" ");
const domains = ["example.com", "example.org", "example.net"];

/** Makes a customer who was not known before. `number` makes the ID, and keeps addresses apart. */
function createCustomer(random: Random, number: number, buyers: readonly Customer[]): Customer {
  const country = random.weighted(countries, ({ weight }) => weight);
  const isCompany = random.chance(0.7);
  const surname = madeUpName(random);
  const name = isCompany
    ? `${surname} ${random.pick(trades)} ${random.pick(country.legalForms)}`
    : `${personName(random)} ${surname}`;
  const mailbox = isCompany ? `licenses.${surname}` : name.replaceAll(" ", ".");
  return {
    id: `C-${String(number).padStart(5, "0")}`,
    name,
    email: `${mailbox.toLowerCase()}.${number}@${random.pick(domains)}`,
    country: country.code,
    currency: country.currency,
    isCompany,
    // Company sizes are log-normal (Gibrat's law), here cut at 3 and 4,000 heads.
    size: isCompany ? Math.round(Math.min(4000, Math.max(3, random.lognormal(14, 1.5)))) : 1,
    fleet: createFleet(random),
    bought: [],
    sister:
      isCompany && buyers.length > 0 && random.chance(SHARE_OF_GROUPS) ? sisterFrom(random, buyers) : null,
  };
}

/** Companies that belong to the same group as one that buys already. */
const SHARE_OF_GROUPS = 0.12;

function sisterFrom(random: Random, buyers: readonly Customer[]): Customer | null {
  const sister = random.pick(buyers);
  return sister.isCompany ? sister : null;
}

/** The address by which the n-th user of a customer is known to a named-user license. */
export function userOf({ email }: Customer, index: number): string {
  const at = email.indexOf("@");
  return `${email.slice(0, at)}+user${index + 1}${email.slice(at)}`;
}

function madeUpName(random: Random): string {
  const middle = random.chance(0.4) ? random.pick(middles) : "";
  return `${random.pick(openings)}${middle}${random.pick(closings)}`;
}

function personName(random: Random): string {
  return `${random.pick(givenOpenings)}${random.pick(givenClosings)}`;
}

/**
 * Those who have bought so far. The next buyer is new, or one who bought before, each as likely as their past orders are
 * many: the process of Simon (1955), whose outcome is heavy-tailed. Most buy once or twice, a few buy all the time.
 */
export interface Clientele {
  next(random: Random, shareOfNew: number): Customer;
}

export function createClientele(random: Random): Clientele {
  const buyers: Customer[] = [];
  let count = 0;
  return {
    next(draws, shareOfNew) {
      const isNew = buyers.length === 0 || draws.chance(shareOfNew);
      if (isNew) count += 1;
      const customer = isNew ? createCustomer(random.fork(String(count)), count, buyers) : draws.pick(buyers);
      buyers.push(customer);
      return customer;
    },
  };
}
