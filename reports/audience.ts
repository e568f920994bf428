// Pure. Whom a site is for.
//
// `internal` sees everything. `product` sees no customer: none is named, none can be looked up, and what is told of fewer than
// five customers is told together with the rest, so that nobody is recognized by what they use (the rule of small cells in
// official statistics; five is a usual least count: Eurostat, "Handbook on statistical disclosure control", 2nd edition, 2024).
//
// Held: no number that the pages of policy, compliance and money tell is of fewer than five customers; and where a whole is told in
// parts (reasons, rules, products, license models), what is told together is of five or more, so that nobody who takes the other
// parts from the whole is left with fewer (`folds` in smallCells.ts). Not held: a number that is left out may follow from those
// of other tables, such as that of one region from everything's less all other regions'; two months, or two sites, that differ by one
// customer tell what that one did; and five customers of whom one is nearly all tell of that one. The site is for colleagues, not for the
// public: whoever must not know what a single customer may have done is to be given neither site.

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
