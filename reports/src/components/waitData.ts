// Fetches what the activation page tells of a choice, once each, and says so while it is on its way.

import { waitFile } from "./choices.js";
import { h } from "./dom.js";
import { type Waits, noWaits, unpackWaits } from "./waits.js";

/** The answers of a choice; where they cannot be had, why. */
export type Answered = Waits & { fault: string | null };

/** A line that says what is on its way, and the answers to a choice. */
export interface WaitSource {
  status: HTMLElement;
  of: (scope: string, period: string) => Promise<Answered>;
}

/**
 * Opens the answers of a snapshot.
 * @param folder where their files are, ending in a slash
 * @param scopes as the build has them, in its order
 * @param whole the answers of everything, which are there
 */
export function openWaits(folder: URL, scopes: readonly { scope: string }[], whole: Waits): WaitSource {
  const kept = new Map<string, Promise<Answered>>();
  const status = h("p", { class: "note loading", role: "status" });
  let newest = 0;
  const fetched = async (scope: string, period: string): Promise<Answered> => {
    const file = waitFile(scopes, scope, period);
    const fault = (why: string) => ({ ...noWaits(scope, period), fault: why });
    try {
      const response = await fetch(new URL(file, folder));
      if (response.status === 404)
        return fault("The reports were built anew since this page was opened. Load the page again.");
      if (!response.ok) throw new Error(String(response.status));
      return { ...unpackWaits(scope, period, await response.arrayBuffer()), fault: null };
    } catch {
      // Not kept: the next choice of the same asks again.
      kept.delete(file);
      return fault("The answer could not be fetched. Choose again, or load the page again.");
    }
  };
  return {
    status,
    of: async (scope, period) => {
      newest += 1;
      const own = newest;
      show(status, false);
      if (scope === "" && period === "") return { ...whole, fault: null };
      const file = waitFile(scopes, scope, period);
      const answer = kept.get(file) ?? fetched(scope, period);
      kept.set(file, answer);
      show(status, true);
      const answered = await answer;
      if (own === newest) show(status, false);
      return answered;
    },
  };
}

/** What stands there meanwhile is of the choice before: it is dimmed. */
function show(status: HTMLElement, isLoading: boolean): void {
  status.textContent = isLoading ? "Fetching what is chosen …" : "";
  document.querySelector("main")?.toggleAttribute("data-loading", isLoading);
}
