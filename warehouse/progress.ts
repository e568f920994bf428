// How far long work is, for who waits at a terminal.

/** Shows how far some work is, on one line of a terminal, for as long as it takes. */
export async function withProgress<T>(work: (say: (step: string) => void) => Promise<T>): Promise<T> {
  const isTerminal = process.stderr.isTTY;
  const say = (step: string) => void (isTerminal && process.stderr.write(`\r\u001B[K${step} …`));
  return work(say).finally(() => isTerminal && process.stderr.write("\r\u001B[K"));
}
