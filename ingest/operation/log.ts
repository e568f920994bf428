// The port to the operator's log: one line of JSON for each thing that happened. What goes in are names, counts and
// times; never a body, a code, a token or a path as it was asked for, which may hold what nobody else should read.

/** How bad it is, in the words of `LOG_LEVEL`. */
const logLevels = ["debug", "info", "warn", "error", "silent"] as const;
export type LogLevel = (typeof logLevels)[number];

export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  /** `error` in the fields is what was thrown; its stack is written as well. */
  error(fields: { error: unknown } & Record<string, unknown>, message: string): void;
}

/** Reads `LOG_LEVEL`. @throws Error where it is none of them */
export function readLogLevel(text: string | undefined): LogLevel {
  const level = logLevels.find((it) => it === (text || "info"));
  if (level) return level;
  throw new Error(`LOG_LEVEL is "${text}": give one of ${logLevels.join(", ")}.`);
}

/** A log on the console, for Workers: `wrangler tail` and Workers Logs take its lines as JSON. */
export function consoleLog(level: LogLevel, write = (line: string) => console.log(line)): Log {
  const least = logLevels.indexOf(level);
  const at = (name: LogLevel) => {
    if (logLevels.indexOf(name) < least) return () => undefined;
    return (fields: object, message: string) =>
      write(JSON.stringify({ level: name, time: new Date().toISOString(), ...plain(fields), message }));
  };
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

function plain(fields: object): object {
  if (!("error" in fields)) return fields;
  const { error } = fields;
  return { ...fields, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}
