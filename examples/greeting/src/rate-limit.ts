import { type McpHandler, principalKey } from "@mcp-authz/core";

const minute = 60_000;

interface Bucket {
  /** Milliseconds of the minute that are left to spend. */
  readonly left: number;
  /** When that was so, in milliseconds since the epoch. */
  readonly at: number;
}

/** How much each caller may ask: a request costs its part of a minute, and a minute is all that can be saved up. */
export class RateLimit {
  readonly #cost: number;
  readonly #now: () => number;
  readonly #buckets = new Map<string, Bucket>();

  constructor(perMinute: number, now: () => number = Date.now) {
    this.#cost = minute / perMinute;
    this.#now = now;
  }

  /** Counts one request. Returns the seconds to wait when it is one too many. */
  take(caller: string): number | undefined {
    const at = this.#now();
    const before = this.#buckets.get(caller);
    const saved = before === undefined ? minute : Math.min(minute, before.left + at - before.at);
    const left = saved - this.#cost;
    // Whoever called last is at the end. Full buckets are forgotten, so that callers do not add up.
    this.#buckets.delete(caller);
    this.#buckets.set(caller, { left: left < 0 ? saved : left, at });
    for (const [other, bucket] of this.#buckets) {
      if (at - bucket.at < minute) break;
      this.#buckets.delete(other);
    }
    return left < 0 ? Math.ceil(-left / 1000) : undefined;
  }
}

/** Stands between the gate, which knows who calls, and the MCP server. Refused requests count for nobody. */
export function rateLimited(handler: McpHandler, limit: RateLimit): McpHandler {
  return {
    fetch(request, context) {
      const caller = context?.authInfo;
      const wait = caller === undefined ? undefined : limit.take(principalKey(caller));
      return wait === undefined ? handler.fetch(request, context) : tooManyRequests(wait);
    },
  };
}

/** RFC 6585 §4. */
function tooManyRequests(seconds: number): Response {
  const message = `Too many requests; try again in ${seconds} seconds`;
  return Response.json(
    { jsonrpc: "2.0", error: { code: -32000, message } },
    { status: 429, headers: { "Retry-After": String(seconds), "Cache-Control": "no-store" } },
  );
}
