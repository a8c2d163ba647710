import type { Identity } from "./auth-info.js";
import type { AccessToken } from "./provider.js";

/** What one of our verifiers read out of a token's claims. Frozen, and the same for all requests with the token. */
export class VerifiedToken implements AccessToken {
  readonly issuer: string;
  readonly subject: string;
  readonly kind: AccessToken["kind"];
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly expiresAt: number;
  readonly roles: readonly string[];
  readonly permissions: readonly string[];
  readonly claims: AccessToken["claims"];
  declare readonly organizationId?: string;
  #identity: Identity | undefined;

  /** @param members frozen, all the way down */
  constructor(members: AccessToken) {
    this.issuer = members.issuer;
    this.subject = members.subject;
    this.kind = members.kind;
    this.clientId = members.clientId;
    this.scopes = members.scopes;
    this.expiresAt = members.expiresAt;
    this.roles = members.roles;
    this.permissions = members.permissions;
    this.claims = members.claims;
    if (members.organizationId !== undefined) this.organizationId = members.organizationId;
    Object.freeze(this);
  }

  /** Who the token says calls, once that was worked out for a request before. */
  static identityOf(token: AccessToken): Identity | undefined {
    return #identity in token ? token.#identity : undefined;
  }

  static remember(token: AccessToken, identity: Identity): void {
    if (#identity in token) token.#identity = identity;
  }
}
