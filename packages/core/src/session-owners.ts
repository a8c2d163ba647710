import type { AuthInfo } from "./auth-info.js";
import { principalOf } from "./events.js";

/**
 * Whose session is whose, for servers of the older protocols (MCP Security Best Practices, Session Hijacking).
 * A session belongs to the issuer, subject and client that opened it, never to one token: a refreshed token goes on.
 */
export interface SessionOwners {
  /** Why the caller may not go on in this session; undefined when it may. */
  faultOf(
    session: string,
    auth: AuthInfo | undefined,
  ): Promise<"session_unknown" | "verifier_unavailable" | undefined>;
  opened(session: string, auth: AuthInfo | undefined): void;
  ended(session: string): void;
}

/** Where owners are kept when several processes serve: structurally a `Keyv`. */
export interface SharedStore {
  get(key: string): Promise<unknown>;
  set(key: string, value: string, ttl?: number): Promise<unknown>;
  delete(key: string): Promise<unknown>;
}

const mostSessions = 100_000;
const nobody = "";

export function createSessionOwners(store: SharedStore = memoryStore()): SessionOwners {
  const keyOf = (session: string) => `mcp-authz:session:${session}`;
  return {
    async faultOf(session, auth) {
      try {
        const owner = await store.get(keyOf(session));
        const caller = ownerOf(auth);
        // Not opened before our eyes: the server itself knows whether it exists.
        if (typeof owner !== "string" || owner === caller) return undefined;
        if (owner !== nobody) return "session_unknown";
        // Opened without a token, on a server with public tools: the first to log in keeps it.
        await store.set(keyOf(session), caller);
        return undefined;
      } catch {
        return "verifier_unavailable";
      }
    },
    opened: (session, auth) => quietly(async () => store.set(keyOf(session), ownerOf(auth))),
    ended: (session) => quietly(async () => store.delete(keyOf(session))),
  };
}

/** The answer is on its way; it does not wait for the store. */
function quietly(work: () => Promise<unknown>): void {
  work().catch(() => {});
}

function ownerOf(auth: AuthInfo | undefined): string {
  if (auth === undefined) return nobody;
  const { issuer, subject, clientId, kind } = principalOf(auth);
  return JSON.stringify([issuer, subject, clientId, kind]);
}

/** Forgets the session that was not used for the longest time, once there are too many. */
function memoryStore(): SharedStore {
  const values = new Map<string, string>();
  return {
    async get(key) {
      const value = values.get(key);
      if (value !== undefined) values.delete(key);
      if (value !== undefined) values.set(key, value);
      return value;
    },
    async set(key, value) {
      values.delete(key);
      values.set(key, value);
      const [oldest] = values.keys();
      if (values.size > mostSessions && oldest !== undefined) values.delete(oldest);
    },
    delete: async (key) => values.delete(key),
  };
}
