// A command on the command line: help, progress, what it has to say, and how it ends.

/**
 * Runs a command with the arguments of this process. What it returns goes to standard output; progress to standard error,
 * on one line that is written over, where somebody looks at it; what it throws ends the process with 1.
 */
export async function runCommand(
  help: string,
  command: (args: string[], say: (progress: string) => void) => Promise<string>,
): Promise<void> {
  const args = process.argv.slice(2);
  if (args.includes("--help")) return console.log(help);
  const { stderr } = process;
  let isDirty = false;
  const clear = () => isDirty && stderr.write("\r\u001B[K");
  const say = (progress: string) => {
    if (!stderr.isTTY) return;
    clear();
    isDirty = stderr.write(progress) || true;
  };
  try {
    const said = await command(args, say);
    clear();
    if (said !== "") console.log(said);
  } catch (error) {
    clear();
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
