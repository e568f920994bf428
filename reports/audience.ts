// Pure. Whom a site is for.
//
// `internal` sees everything. `product` sees no customer: none is named, none can be looked up, and what is told of fewer than
// five customers is told together with the rest, so that nobody is recognized by what they use (the rule of small cells in
// official statistics; five is a usual least count: Eurostat, "Handbook on statistical disclosure control", 2nd edition, 2024).
//
// Held on the pages of policy, compliance and money: cases, seats over, copies and amounts are of five customers or more. Where a
// whole is told in parts (reasons, rules, products, license models), what is told together is of five or more as well, so that
// nobody who takes the other parts from the whole is left with fewer (`folds` in smallCells.ts).
//
// Not held: what is left out may follow from other tables, such as one region from everything less all other regions. Two
// months, or two sites, that differ by one customer tell what that one did. A detail of a number (how many of its cases got a seat,
// how many seats are bound) may be of fewer, and of five customers one may be nearly all. The site is for colleagues, not for
// the public: whoever must not know what a single customer may have done is to be given neither site.

export const audiences = ["internal", "product"] as const;
export type Audience = (typeof audiences)[number];

/** The least number of customers that a number may be told of. */
export const fewestCustomers = (audience: Audience): number => (audience === "internal" ? 1 : 5);

/** @throws Error naming the audiences that there are */
export function audienceOf(name: string): Audience {
  const audience = audiences.find((known) => known === name);
  if (audience === undefined)
    throw new Error(`there is no audience "${name}": --audience takes ${audiences.join(" or ")}`);
  return audience;
}
