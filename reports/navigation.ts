// Pure. The pages of the site, in the order in which they are read.

/** A page: its short name for the navigation, its path on the site, and the question that it answers. */
export const navigation = [
  { name: "Overview", path: "/" },
  { name: "Activation", path: "/activation" },
  { name: "Platforms", path: "/platforms" },
  { name: "Models", path: "/license-models" },
  { name: "Customers", path: "/customers" },
] as const;
