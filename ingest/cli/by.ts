// Who acts on the command line, as events say it. The account's name may be a person's: it is said only where it is given.

export const COMMAND_LINE = "command line";
