// Pure but for what it is given to read with. A search box for customers: a combobox by the ARIA Authoring Practices
// (list autocomplete, manual selection): arrows move through the list, Enter takes, Escape closes.

import { h } from "./dom.js";
import { counted } from "./format.js";
import { type Entry, MAX_SHOWN, matching } from "./lookup.js";

/** What is known of a query: the entries that may match, and whether there may be more than these. */
export type Find = (query: string) => Promise<{ entries: readonly Entry[]; isWhole: boolean }>;

/** Makes the search box. `choose` is called with what the reader takes. */
export function customerSearch(find: Find, choose: (entry: Entry) => void): HTMLElement {
  const list = h("ul", { role: "listbox", id: "customer-list", "aria-label": "Customers" });
  const status = h("p", { class: "status", role: "status" }, "Type the beginning of a name or of an ID.");
  const input = h("input", {
    id: "customer-search",
    type: "search",
    role: "combobox",
    autocomplete: "off",
    spellcheck: "false",
    placeholder: "Name or ID",
    "aria-controls": "customer-list",
    "aria-expanded": "false",
    "aria-autocomplete": "list",
  });
  let shown: readonly Entry[] = [];
  let active = -1;
  let asked = 0;

  const close = () => {
    shown = [];
    active = -1;
    list.replaceChildren();
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const activate = (index: number) => {
    active = index;
    for (const [place, option] of Array.from(list.children).entries()) {
      option.setAttribute("aria-selected", String(place === index));
      if (place === index) option.scrollIntoView({ block: "nearest" });
    }
    input.setAttribute("aria-activedescendant", `customer-${index}`);
  };
  const take = (entry: Entry) => {
    input.value = entry.name ?? entry.id;
    status.textContent = "";
    close();
    choose(entry);
  };
  const open = async () => {
    const query = input.value;
    const turn = ++asked;
    if (query.trim() === "") {
      status.textContent = "Type the beginning of a name or of an ID.";
      return close();
    }
    try {
      const { entries, isWhole } = await find(query);
      // An answer that comes after a later letter was typed is of no use any more.
      if (turn !== asked) return;
      const matches = matching(entries, query);
      close();
      shown = matches.slice(0, MAX_SHOWN);
      list.append(
        ...shown.map((entry, index) =>
          h(
            "li",
            {
              role: "option",
              id: `customer-${index}`,
              "aria-selected": "false",
              // Before the input loses its focus to the click, which would close the list under the pointer.
              onmousedown: (event: Event) => event.preventDefault(),
              onclick: () => take(entry),
            },
            h("span", {}, entry.name ?? "No name on record"),
            h("span", {}, entry.country === null ? entry.id : `${entry.id} · ${entry.country}`),
          ),
        ),
      );
      input.setAttribute("aria-expanded", String(shown.length > 0));
      const more = !isWhole || matches.length > shown.length;
      status.textContent =
        shown.length === 0
          ? more
            ? "No match among the largest customers. Type more letters to search them all."
            : "No customer is called so."
          : `${more ? `The first ${counted(shown.length, "match", "matches")}: type more letters to narrow them down` : counted(shown.length, "match", "matches")}.`;
    } catch (error) {
      status.textContent = error instanceof Error ? error.message : String(error);
    }
  };
  input.addEventListener("input", () => void open());
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (shown.length === 0) return void open();
      const step = event.key === "ArrowDown" ? 1 : -1;
      activate((active + step + shown.length + (active < 0 && step < 0 ? 1 : 0)) % shown.length);
    } else if (event.key === "Enter") {
      const entry = shown[Math.max(active, 0)];
      if (entry !== undefined) take(entry);
    } else if (event.key === "Escape") close();
  });
  return h(
    "div",
    { class: "search" },
    h("label", { for: "customer-search" }, "Customer"),
    input,
    list,
    status,
  );
}
