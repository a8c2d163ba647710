import type { AuthInfo } from "@mcp-authz/core";

export interface TokenExchangeOptions {
  /** Of the authorization server that issued the callers' tokens. */
  readonly tokenEndpoint: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** The only APIs that tokens are ever asked for, by resource identifier (RFC 8707). */
  readonly audiences: readonly string[];
}

/** Somebody named an API that is not on the list. */
export class AudienceNotAllowed extends Error {
  override readonly name = "AudienceNotAllowed";
}

/** The authorization server said no. The message has its error code, and nothing that is a secret. */
export class ExchangeRefused extends Error {
  override readonly name = "ExchangeRefused";
}

const accessToken = "urn:ietf:params:oauth:token-type:access_token";

/**
 * Turns the token that a caller sent us into one for an API behind us (RFC 8693): same person, another audience. The
 * caller's own token goes to the authorization server that issued it, and nowhere else: an API that got it could call us
 * with it (MCP 2026-07-28 Authorization, Access Token Privilege Restriction).
 */
export class TokenExchange {
  readonly #options: TokenExchangeOptions;

  constructor(options: TokenExchangeOptions) {
    this.#options = options;
  }

  /**
   * @param scope the least that will do
   * @throws {AudienceNotAllowed} before anything is sent
   * @throws {ExchangeRefused}
   */
  async tokenFor(caller: AuthInfo, audience: string, scope: string): Promise<string> {
    const { audiences, tokenEndpoint, clientId, clientSecret } = this.#options;
    if (!audiences.includes(audience)) throw new AudienceNotAllowed("The API is not on the list");
    const response = await fetch(tokenEndpoint, {
      method: "POST",
      headers: { Authorization: basic(clientId, clientSecret), Accept: "application/json" },
      body: new URLSearchParams({
        grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
        subject_token: caller.token,
        subject_token_type: accessToken,
        requested_token_type: accessToken,
        resource: audience,
        scope,
      }),
      // A redirect would carry the tokens to somebody who was not meant.
      redirect: "error",
      signal: AbortSignal.timeout(10_000),
    });
    const answer = (await response.json().catch(() => ({}))) as Readonly<Record<string, unknown>>;
    if (!response.ok) throw new ExchangeRefused(`${response.status} ${codeOf(answer["error"])}`);
    const { access_token: token, token_type: type } = answer;
    if (typeof token !== "string" || String(type).toLowerCase() !== "bearer")
      throw new ExchangeRefused("the answer has no bearer token");
    return token;
  }
}

/** RFC 6749 §2.3.1: both parts are form-encoded first. */
function basic(id: string, secret: string): string {
  const encoded = [id, secret].map((part) => new URLSearchParams({ part }).toString().slice("part=".length));
  return `Basic ${btoa(encoded.join(":"))}`;
}

/** RFC 6749 §5.2. What does not look like a code is not repeated: it may be anything. */
function codeOf(error: unknown): string {
  return typeof error === "string" && /^[a-z_]{1,60}$/.test(error) ? error : "";
}
