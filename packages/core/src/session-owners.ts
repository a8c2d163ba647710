import type { AuthInfo } from "./auth-info.js";
import { principalKey } from "./principal.js";
import { memoryStore, type SharedStore } from "./shared-store.js";

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

const mostSessions = 100_000;
const nobody = "";

export function createSessionOwners(store: SharedStore = memoryStore(mostSessions)): SessionOwners {
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
  return auth === undefined ? nobody : principalKey(auth);
}
