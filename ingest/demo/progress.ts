// How far the year has come: a bar where a person looks on, a line every tenth where a file does.

/** Where a progress is shown: standard error, as a rule. */
export interface Screen {
  isTTY?: boolean;
  columns?: number;
  write(text: string): unknown;
}

export interface Progress {
  /** One more is done. */
  step(): void;
  /** Leaves the last state standing. */
  end(): void;
}

/** Redrawing costs more than a step: ten times a second is all that an eye needs. */
const REDRAW_MS = 100;

/**
 * Starts to show the progress of `total` steps.
 * @param clock the time in milliseconds
 */
export function showProgress(total: number, screen: Screen, clock: () => number): Progress {
  const startedAt = clock();
  let done = 0;
  let drawnAt = -Infinity;
  const text = () => progressText(done, total, clock() - startedAt);
  const draw = () => screen.write(`\r${text().slice(0, (screen.columns || 80) - 1)}\u001B[K`);
  return {
    step() {
      done += 1;
      if (!screen.isTTY) {
        const tenths = Math.floor((done * 10) / total);
        if (tenths > Math.floor(((done - 1) * 10) / total)) screen.write(`${text()}\n`);
      } else if (clock() - drawnAt >= REDRAW_MS) {
        drawnAt = clock();
        draw();
      }
    },
    end() {
      if (!screen.isTTY) return;
      draw();
      screen.write("\n");
    },
  };
}

const BAR_WIDTH = 24;

/** One line: a bar, the share, the rate, and the time that is left at this rate. */
export function progressText(done: number, total: number, elapsedMs: number): string {
  const share = total === 0 ? 1 : done / total;
  const full = Math.round(share * BAR_WIDTH);
  const rate = elapsedMs > 0 ? (done / elapsedMs) * 1000 : 0;
  const left = rate > 0 && done < total ? `, ${Math.ceil((total - done) / rate)} s left` : "";
  const counted = `${done.toLocaleString("en-US")} of ${total.toLocaleString("en-US")} steps`;
  return `[${"#".repeat(full)}${".".repeat(BAR_WIDTH - full)}] ${Math.floor(share * 100)} %  ${counted}, ${Math.round(rate).toLocaleString("en-US")}/s${left}`;
}
