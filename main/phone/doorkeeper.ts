import { Refusals, sameToken } from "@main/app/token";

/** More would be a flood; the oldest are forgotten. */
const mostGuessers = 500;

/**
 * Says who may come in. The token is the first part of every path; who offers a wrong one is counted by address, and whoever goes
 * on guessing is turned away unheard. The right token is always heard.
 */
export class Doorkeeper {
  #token: string;
  #spent: string[] = [];
  readonly #guessers = new Map<string, Refusals>();
  readonly #everyone: Refusals;

  constructor(
    token: string,
    private readonly now: () => number = Date.now,
  ) {
    this.#token = token;
    this.#everyone = new Refusals({ limit: 200, now });
  }

  /** A new token from now on; the old one is remembered only to say that it has ended. */
  renew(token: string): void {
    this.#spent = [this.#token, ...this.#spent].slice(0, 20);
    this.#token = token;
  }

  /** `path` is what follows the token, with its slash; "" when there is none. */
  admit(url: string, address: string): { readonly path: string } | "unknown" | "ended" | "too-many" {
    const [, offered = "", path = ""] = /^\/([^/?#]*)(\/[^?#]*)?/.exec(url) ?? [];
    if (sameToken(offered, this.#token)) return { path };
    if (this.#spent.some((token) => sameToken(offered, token))) return "ended";
    // Browsers ask for it by themselves; nobody guesses with it.
    if (offered === "favicon.ico") return "unknown";
    const guesser = this.#guesser(address);
    if (guesser.tooMany || this.#everyone.tooMany) return "too-many";
    guesser.add();
    this.#everyone.add();
    return "unknown";
  }

  #guesser(address: string): Refusals {
    const found = this.#guessers.get(address) ?? new Refusals({ limit: 20, now: this.now });
    this.#guessers.delete(address);
    this.#guessers.set(address, found);
    for (const oldest of this.#guessers.keys()) {
      if (this.#guessers.size <= mostGuessers) break;
      this.#guessers.delete(oldest);
    }
    return found;
  }
}
