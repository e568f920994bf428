// Pure. A fault that the person at the terminal can do something about.

/** The message says what is wrong and what to do next; it is printed without a stack. */
export class LoadError extends Error {
  override name = "LoadError";
}
