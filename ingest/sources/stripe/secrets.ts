// Pure. The setting that names what Stripe signs with.

/** The secrets of a setting: one, or several with white space between; none where it is empty. */
export const secretsOf = (setting: string | undefined): string[] =>
  (setting ?? "").split(/\s+/).filter((secret) => secret !== "");
