import type { ErrorData } from "@shared/errors";

/** Where a command writes: the terminal, or a test. */
export interface Terminal {
  readonly isTty: boolean;
  readonly columns: number;
  write(text: string): void;
  writeError(text: string): void;
}

export const processTerminal: Terminal = {
  get isTty() {
    return process.stdout.isTTY === true;
  },
  get columns() {
    return process.stdout.columns ?? 80;
  },
  write: (text) => void process.stdout.write(text),
  writeError: (text) => void process.stderr.write(text),
};

/**
 * Words for people or, with `--json`, one object per line for programs: events as they come, the result (or {"error"}) last.
 */
export class Output {
  #live = false;

  constructor(
    readonly json: boolean,
    private readonly terminal: Terminal,
  ) {}

  /** A line for people only. */
  say(text: string): void {
    if (this.json) return;
    this.#endLive();
    this.terminal.write(`${text}\n`);
  }

  /** Text without a line end, for people only. */
  stream(text: string): void {
    if (!this.json) this.terminal.write(text);
  }

  /** An object for programs only. */
  event(name: string, facts: object): void {
    if (this.json) this.terminal.write(`${JSON.stringify({ event: name, ...facts })}\n`);
  }

  /** A line that replaces itself. Away from a terminal it is left out; `say` the milestones there. */
  live(text: string): void {
    if (this.json || !this.terminal.isTty) return;
    this.#live = true;
    this.terminal.write(`\r\u001b[2K${text.slice(0, this.terminal.columns - 1)}`);
  }

  /** The last thing a command writes. `words` is for people; left out, nothing is said. */
  result(facts: object, words?: string): void {
    if (this.json) this.terminal.write(`${JSON.stringify(facts)}\n`);
    else if (words !== undefined) this.say(words);
  }

  fail({ code, message, hint, details }: ErrorData): void {
    if (this.json)
      this.terminal.write(`${JSON.stringify({ error: { code, message, hint, ...(details ? { details } : {}) } })}\n`);
    else {
      this.#endLive();
      this.terminal.writeError(`${message}\n${hint ? `hint: ${hint}\n` : ""}`);
    }
  }

  get isTty(): boolean {
    return this.terminal.isTty;
  }

  #endLive(): void {
    if (this.#live) this.terminal.write("\n");
    this.#live = false;
  }
}
