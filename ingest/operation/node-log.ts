// The log on Node: pino, with lines kept back until there are some, and written beside the requests.

import { destination, pino, stdTimeFunctions } from "pino";
import type { Log, LogLevel } from "./log.ts";

// One write for some two hundred lines; what is kept back is written after a second at the latest. A write wakes another
// thread, which on a busy machine takes this one's core for a moment: with 8 KB that was 1 to 3 % of the time of an activation.
const BUFFER_BYTES = 32 * 1024;
const FLUSH_MS = 1000;

export interface NodeLog extends Log {
  /** Writes what is kept back: before the process ends. */
  flush(): void;
}

const STANDARD_ERROR = 2;

/** Opens the log, on standard error or in a file: standard output is for what is said to people. */
export function openLog(level: LogLevel, dest: string | number = STANDARD_ERROR): NodeLog {
  const stream = destination({
    dest,
    sync: false,
    minLength: BUFFER_BYTES,
    maxWrite: 2 * BUFFER_BYTES,
    periodicFlush: FLUSH_MS,
  });
  const logger = pino(
    {
      level,
      // Neither the process nor the machine tells anything that a line needs.
      base: null,
      messageKey: "message",
      errorKey: "error",
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    stream,
  );
  const at = (name: Exclude<LogLevel, "silent">) => (fields: object, message: string) =>
    logger[name](fields, message);
  return {
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error(fields, message) {
      logger.error(fields, message);
      // Whoever reads errors waits for them; they are few.
      stream.flush();
    },
    flush: () => stream.flushSync(),
  };
}
