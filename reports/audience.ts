// Pure. Whom a site is for.
//
// `internal` sees everything. `product` sees no customer: none is named, none can be looked up, and what is told of fewer than
// five customers is told together with the rest, so that nobody is recognized by what they use (the rule of small cells in
// official statistics; five is a usual least count: Eurostat, "Handbook on statistical disclosure control", 2nd edition, 2024).

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
