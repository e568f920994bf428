// Inputs for `view`: what a reader can narrow a page to. Each is kept in the address.

import { carry, choose, chosen } from "./address.js";
import { h } from "./dom.js";

export interface Option {
  value: string;
  name: string;
  /** Options of a group stand together below its name. */
  group?: string;
}

/** What may be filtered by: a name for the address, a label for people, and what may be chosen, the first unless another is. */
export interface Filter {
  name: string;
  label: string;
  options: readonly Option[];
}

/** Selections side by side; its value is what is chosen of each, by name. An address of another value than there is means the first. */
export function filters<K extends string>(
  given: readonly (Filter & { name: K })[],
): HTMLElement & { value: Record<K, string> } {
  const selects = new Map<K, HTMLSelectElement>();
  const read = () =>
    Object.fromEntries(Array.from(selects, ([name, select]) => [name, select.value])) as Record<K, string>;
  const box = Object.assign(h("div", { class: "control filters", role: "group", "aria-label": "Filters" }), {
    value: {} as Record<K, string>,
  });
  for (const { name, label, options } of given) {
    const select = h("select", {}, grouped(options));
    selects.set(name, select);
    box.append(h("label", {}, h("span", {}, label), select));
  }
  const take = () => {
    const now = chosen();
    for (const { name, options } of given) {
      const wanted = now.get(name) ?? "";
      const select = selects.get(name)!;
      select.value = (options.find(({ value }) => value === wanted) ?? options[0])?.value ?? "";
    }
    box.value = read();
  };
  take();
  carry();
  box.addEventListener("input", () => {
    box.value = read();
    for (const { name, options } of given) {
      const { value } = selects.get(name)!;
      choose(name, value === options[0]?.value ? null : value);
    }
  });
  // An address that a reader edits, or a link to another view of the page.
  addEventListener("hashchange", () => {
    if (!box.isConnected) return;
    take();
    carry();
    box.dispatchEvent(new Event("input", { bubbles: true }));
  });
  return box;
}

function grouped(options: readonly Option[]): HTMLElement[] {
  const groups = Map.groupBy(options, ({ group }) => group);
  return Array.from(groups, ([group, members]) => {
    const shown = members.map(({ value, name }) => h("option", { value }, name));
    return group === undefined ? shown : [h("optgroup", { label: group }, shown)];
  }).flat();
}

/** One of a few, all seen at once: radio buttons, so arrow keys move between them. */
export function choice<T extends string>(
  name: string,
  legend: string,
  options: readonly { value: T; name: string }[],
): HTMLFieldSetElement & { value: T } {
  const wanted = chosen().get(name);
  const start = options.find(({ value }) => value === wanted) ?? options[0];
  const fieldset = h(
    "fieldset",
    { class: "control" },
    h("legend", {}, legend),
    h(
      "div",
      { class: "choices" },
      options.map((option) =>
        h(
          "label",
          {},
          h("input", { type: "radio", name, value: option.value, checked: option === start }),
          option.name,
        ),
      ),
    ),
  ) as HTMLFieldSetElement & { value: T };
  fieldset.value = start?.value ?? ("" as T);
  fieldset.addEventListener("input", (event) => {
    fieldset.value = (event.target as HTMLInputElement).value as T;
    choose(name, fieldset.value === options[0]?.value ? null : fieldset.value);
  });
  return fieldset;
}
