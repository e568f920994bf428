// Pure. A fault that the person at the terminal can do something about.

/** The message says what is wrong and what to do next; it is printed without a stack. */
export class LoadError extends Error {
  override name = "LoadError";
}

/** What Node, and what DuckDB, says of a disk that cannot be written; and what is to be done. */
const diskFaults = [
  { said: /\bENOSPC\b|\bEDQUOT\b|No space left on device/, fault: "the disk is full", remedy: "Make room" },
  { said: /\bEROFS\b|Read-only file system/, fault: "the disk is read-only", remedy: "Let it be written" },
];

/** The fault of a disk that is full or read-only, for whoever runs the load; undefined for any other. */
export function diskFaultOf(error: unknown): LoadError | undefined {
  const message = String(error);
  const found = diskFaults.find(({ said }) => said.test(message));
  return (
    found &&
    new LoadError(
      `Nothing was published: ${found.fault}. The snapshot before stays as it is. ${found.remedy}, then load again.`,
      { cause: error },
    )
  );
}
