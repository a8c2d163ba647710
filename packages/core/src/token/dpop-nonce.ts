import { encodeBase64url } from "./base64url.js";

/** Nonces that clients put into their proofs, so that none can be made in advance (RFC 9449 §9). */
export interface DpopNonces {
  /** For the `DPoP-Nonce` header. */
  current(): Promise<string>;
  accepts(nonce: unknown): Promise<boolean>;
}

/**
 * Nonces that need no memory: each is a MAC of the time in which it is good.
 *
 * @param options.secret shared by the processes that serve one resource. Default: this process's own.
 * @param options.lifetime seconds for which a nonce is handed out; it is accepted for as long again. Default 300.
 */
export function dpopNonces(
  options: { readonly secret?: string; readonly lifetime?: number } = {},
): DpopNonces {
  const { secret = crypto.randomUUID(), lifetime = 300 } = options;
  const utf8 = new TextEncoder();
  const hmac = { name: "HMAC", hash: "SHA-256" };
  const key = crypto.subtle.importKey("raw", utf8.encode(secret), hmac, false, ["sign"]);
  const period = () => Math.floor(Date.now() / 1000 / lifetime);

  async function nonceOf(index: number): Promise<string> {
    const mac = await crypto.subtle.sign(hmac, await key, utf8.encode(`DPoP-Nonce ${index}`));
    return encodeBase64url(new Uint8Array(mac));
  }

  return {
    current: () => nonceOf(period()),
    accepts: async (nonce) => nonce === (await nonceOf(period())) || nonce === (await nonceOf(period() - 1)),
  };
}
