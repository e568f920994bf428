// Pure. Makes HTML elements: enough to build a table or a legend with, and it never parses text as HTML.

/** What an element may hold. Nothing is drawn for null and false, so that a part can be left out in place. */
export type Child = Node | string | number | null | undefined | false | readonly Child[];

/**
 * Makes an element. Attributes that are null, undefined or false are left out; `true` is written as an empty value;
 * functions become event listeners by their name (`onclick`).
 */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, unknown> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name.slice(2), value as EventListener);
    else element.setAttribute(name, value === true ? "" : String(value as string | number));
  }
  append(element, children);
  return element;
}

function append(parent: Element, children: readonly Child[]): void {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    if (Array.isArray(child)) append(parent, child as readonly Child[]);
    else parent.append(child instanceof Node ? child : String(child as string | number));
  }
}
