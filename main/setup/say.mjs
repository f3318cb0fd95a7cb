/** Progress of the set-up, on standard error: standard output belongs to the program that follows. */
export function say(text) {
  process.stderr.write(`${text}\n`);
}

/** A set-up that cannot go on: `message` says what is wrong, `hint` what the person can do. Shown without a stack. */
export class SetupError extends Error {
  constructor(message, hint = "") {
    super(message);
    this.hint = hint;
  }
}

/** Runs one step of the set-up: a line when it begins, its time when it has ended. */
export async function step(title, work) {
  const begin = performance.now();
  const live = process.stderr.isTTY;
  process.stderr.write(live ? `  ${title} …` : `  ${title} …\n`);
  const seconds = () => `${((performance.now() - begin) / 1000).toFixed(1)} s`;
  try {
    const result = await work();
    process.stderr.write(live ? ` ${seconds()}\n` : `  ${title}: ${seconds()}\n`);
    return result;
  } catch (error) {
    process.stderr.write(live ? ` failed after ${seconds()}\n` : `  ${title}: failed after ${seconds()}\n`);
    throw error;
  }
}

/** Ends the program with a readable message; a stack only for surprises. */
export function fail(error) {
  if (error instanceof SetupError) {
    say(`\n${error.message}`);
    if (error.hint) say(`hint: ${error.hint}`);
  } else {
    say(`\n${error?.stack ?? error}`);
  }
  process.exit(1);
}
