// What a reader chose, kept in the address: a view can be sent to a colleague, and the back button works.

/** Choices that mean the same on every page, and go with the reader from one to the next. */
const carried = new Set(["of"]);

/** The choices that the address names. */
export function chosen(): ReadonlyMap<string, string> {
  return new Map(new URLSearchParams(location.hash.slice(1)));
}

/** Names a choice in the address, or takes it out; the page stays where it is. */
export function choose(name: string, value: string | null): void {
  const choices = new URLSearchParams(location.hash.slice(1));
  if (value === null || value === "") choices.delete(name);
  else choices.set(name, value);
  const hash = choices.size === 0 ? "" : `#${choices}`;
  history.replaceState(history.state, "", `${location.pathname}${location.search}${hash}`);
  carry();
}

/** Has the links of the navigation name what every page knows. */
export function carry(): void {
  const choices = new URLSearchParams(Array.from(chosen()).filter(([name]) => carried.has(name)));
  for (const link of document.querySelectorAll<HTMLAnchorElement>('nav[aria-label="Reports"] a'))
    link.hash = String(choices);
}
