// Pure. Makes HTML elements: enough to build a table or a legend with, and it never parses text as HTML.

/** What an element may hold. Nothing is drawn for null and false, so that a part can be left out in place. */
export type Child = Node | string | number | null | undefined | false | readonly Child[];

/** What an attribute may be: left out where null or false, empty where true, a listener where a function (`onclick`). */
export type Attribute = string | number | boolean | null | undefined | ((event: Event) => void);

/** Makes an element. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, Attribute> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  append(element, children);
  return element;
}

function append(parent: Element, children: readonly Child[]): void {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    if (isList(child)) append(parent, child);
    else parent.append(typeof child === "number" ? String(child) : child);
  }
}

/** `Array.isArray` does not see through `readonly`. */
const isList = (child: Child): child is readonly Child[] => Array.isArray(child);
