import type { AccessToken } from "../provider.js";
import type { SharedStore } from "../shared-store.js";

/** What is revoked: one token, or whatever a subject or a client was issued until now. All within one issuer. */
export type Revocation = { readonly issuer: string } & (
  | { readonly jti: string }
  | { readonly subject: string }
  | { readonly clientId: string }
);

export interface RevocationList {
  /** For the `revoked` option of a provider. */
  readonly revoked: (token: AccessToken) => boolean | Promise<boolean>;
  /** Takes effect with the next request, for remembered tokens as well. */
  revoke(what: Revocation): Promise<void>;
}

/**
 * Revokes tokens before they expire: by `jti`, or all that a subject or a client has so far. Tokens that are issued
 * afterwards, and so after a new login, are good.
 *
 * @param options.store shared by several processes: structurally a `Keyv`. Default: the memory of this one.
 * @param options.keepFor seconds; not shorter than tokens live. Default 86400.
 *
 * @example
 * const revocations = revocationList();
 * const provider = jwt({ issuer, revoked: revocations.revoked });
 * await revocations.revoke({ issuer, subject: "user_1" });
 */
export function revocationList(
  options: { readonly store?: SharedStore; readonly keepFor?: number } = {},
): RevocationList {
  const { store, keepFor = 86_400 } = options;
  const memory = new Map<string, string>();

  function remember(key: string, at: number): void {
    memory.delete(key);
    memory.set(key, String(at));
    // In the order of their times: what is over is at the front.
    for (const [old, time] of memory) {
      if (Number(time) > at - keepFor * 1000) break;
      memory.delete(old);
    }
  }

  return {
    revoked(token) {
      const keys = keysOf(token);
      if (keys.some((key) => applies(memory.get(key), key, token))) return true;
      if (!store) return false;
      return Promise.all(keys.map(async (key) => applies(await store.get(key), key, token))).then((all) =>
        all.includes(true),
      );
    },
    async revoke(what) {
      const key =
        "jti" in what
          ? keyOf(what.issuer, "jti", what.jti)
          : "subject" in what
            ? keyOf(what.issuer, "sub", what.subject)
            : keyOf(what.issuer, "client", what.clientId);
      const at = Date.now();
      remember(key, at);
      await store?.set(key, String(at), keepFor * 1000);
    },
  };
}

type By = "jti" | "sub" | "client";

function keyOf(issuer: string, by: By, value: string): string {
  return `mcp-authz:revoked:${JSON.stringify([issuer, by, value])}`;
}

function keysOf({ issuer, subject, clientId, claims }: AccessToken): string[] {
  const keys = [keyOf(issuer, "sub", subject), keyOf(issuer, "client", clientId)];
  return typeof claims.jti === "string" ? [keyOf(issuer, "jti", claims.jti), ...keys] : keys;
}

/** A token that does not say when it was issued is taken to be an old one. */
function applies(revokedAt: unknown, key: string, { issuer, claims }: AccessToken): boolean {
  if (typeof revokedAt !== "string") return false;
  const { jti, iat } = claims;
  if (typeof jti === "string" && key === keyOf(issuer, "jti", jti)) return true;
  return typeof iat !== "number" || iat * 1000 <= Number(revokedAt);
}
