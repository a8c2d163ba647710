import type { AuthInfo } from "./auth-info.js";
import type { Outgoing } from "./outgoing.js";

/** A stream outlives its token by so much at most, and a request that came in the clock tolerance has so long. Milliseconds. */
const grace = { stream: 1_000, late: 10_000 };
const longestTimer = 2 ** 31 - 1;

/** A request that may go on to the MCP server. */
export class Granted {
  readonly kind = "granted";
  /** Who calls, for `req.auth` and `ctx.http.authInfo`; undefined on a public operation without a token. */
  readonly auth: AuthInfo | undefined;
  /** The parsed body. Hand exactly this on: a second parse could read something else than what was authorized. */
  readonly body: unknown;
  /** Set on the answer before the handler runs; the handler's own values win. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** What becomes of the handler's answer on its way out. */
  readonly outgoing: Outgoing;
  #signal: AbortSignal | undefined;
  #expiring: ((reason: DOMException) => void)[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #released = false;

  constructor(auth: AuthInfo | undefined, body: unknown, headers: Granted["headers"], outgoing: Outgoing) {
    this.auth = auth;
    this.body = body;
    this.headers = headers;
    this.outgoing = outgoing;
  }

  /** Fires when the token has expired: no stream may go on after that. Call `release` when the answer is over. */
  get signal(): AbortSignal {
    if (this.#signal === undefined) {
      const expiry = new AbortController();
      this.onExpiry((reason) => expiry.abort(reason));
      this.#signal = expiry.signal;
    }
    return this.#signal;
  }

  /** Calls back once when the token has expired, as `signal` fires and without its cost; ten seconds from now where it has. */
  onExpiry(expire: (reason: DOMException) => void): void {
    if (!this.#released && this.#expiring.push(expire) === 1) this.#schedule();
  }

  /** The answer is over: forgets the expiry and whoever waits for it. */
  release(): void {
    this.#released = true;
    this.#expiring = [];
    clearTimeout(this.#timer);
  }

  #schedule(): void {
    if (this.auth?.expiresAt === undefined) return;
    const left = this.auth.expiresAt * 1000 - Date.now();
    // Whole seconds, because Node.js keeps a list of timers for each length.
    const wait = left > 0 ? 1000 * Math.floor(left / 1000) + grace.stream : grace.late;
    this.#timer = setTimeout(
      () => {
        if (wait > longestTimer) return this.#schedule();
        const expired = new DOMException("The access token has expired", "TimeoutError");
        const expiring = this.#expiring;
        this.#expiring = [];
        for (const expire of expiring) expire(expired);
      },
      Math.min(wait, longestTimer),
    );
    // A timer must not keep a process alive (Node.js and Bun; other runtimes have no unref).
    (this.#timer as { unref?: () => void }).unref?.();
  }
}
