// How the benchmark speaks: a ratio, what it is of, and how it came about.

/** Prints a ratio with its notes. */
export function say(what: string, ratio: number, notes: readonly string[]): void {
  console.log(
    `${ratio.toFixed(2).padStart(7)}  ${what}\n${notes.map((note) => `         ${note}`).join("\n")}`,
  );
}
