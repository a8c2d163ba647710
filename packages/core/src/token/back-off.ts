import { type Unavailable, unavailable } from "./verification.js";

/** A server that failed is asked again after 1 s, then 2 s, and so on up to this. */
const longest = 30;

/** The waits between attempts to reach a server that fails. */
export class BackOff {
  #failures = 0;
  #until = 0;
  #error = "";

  get failing(): boolean {
    return this.#failures > 0;
  }

  /** Whether it was seen lately that the server fails. */
  get isRecent(): boolean {
    return this.failing && Date.now() < this.#until + longest * 1000;
  }

  /** Milliseconds until the next attempt; never more than can be, should the clock have been set back. */
  get wait(): number {
    const wait = this.#until - Date.now();
    return wait > 0 && wait <= longest * 1000 ? wait : 0;
  }

  /** For `VerifierHealth`. */
  get lastError(): { lastError?: string } {
    return this.failing ? { lastError: this.#error } : {};
  }

  failed(error: unknown): void {
    const step = Math.min(2 ** this.#failures++, longest);
    // Up to a quarter less, so that many servers do not come back at once.
    this.#until = Date.now() + step * 1000 * (1 - Math.random() / 4);
    this.#error = error instanceof Error ? error.message : String(error);
  }

  succeeded(): void {
    this.#failures = 0;
    this.#until = 0;
  }

  unavailable(what: string): Unavailable {
    return unavailable(`${what}: ${this.#error}`, Math.max(1, Math.ceil(this.wait / 1000)));
  }
}
