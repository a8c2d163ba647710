import { createHash } from "node:crypto";
import { ToolError } from "./tool-error.js";

interface Kept {
  readonly fingerprint: string;
  readonly result: Promise<unknown>;
  /** Milliseconds since the epoch. */
  readonly until: number;
}

const lifetime = 24 * 60 * 60 * 1000;
const most = 10_000;

/**
 * Results by idempotency key: whoever repeats a call with the same key gets the result of the first one, also while that
 * is still at work. A call that failed is forgotten, so that it can be tried again. Kept in this process, for a day.
 */
export class Idempotency {
  readonly #kept = new Map<string, Kept>();

  /**
   * @param key whose call of which tool, and the key that they chose
   * @throws {ToolError} when the key came with other arguments before
   */
  once<T>(key: readonly string[], input: unknown, work: () => Promise<T>): Promise<T> {
    const id = JSON.stringify(key);
    const fingerprint = createHash("sha256").update(JSON.stringify(input)).digest("base64url");
    const known = this.#kept.get(id);
    if (known && known.until > Date.now()) {
      if (known.fingerprint !== fingerprint)
        throw new ToolError("This idempotency_key came with other arguments before. Choose another one.");
      return known.result as Promise<T>;
    }
    const result = work();
    this.#kept.set(id, { fingerprint, result, until: Date.now() + lifetime });
    result.catch(() => this.#kept.delete(id));
    this.#forget();
    return result;
  }

  #forget(): void {
    for (const [id, { until }] of this.#kept) {
      if (until > Date.now() && this.#kept.size <= most) return;
      this.#kept.delete(id);
    }
  }
}
