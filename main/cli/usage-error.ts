/** The command line was not understood: exit code 2, and the way to the help text. */
export class UsageError extends Error {}
