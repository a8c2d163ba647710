import { addSlot, slotOf } from "./auth-slot.js";
import type { AccessToken } from "./provider.js";
import type { Resource } from "./resource.js";
import { VerifiedToken } from "./verified-token.js";

/**
 * Who calls, as the MCP SDK hands it to tools: `extra.authInfo` (SDK v1), `ctx.http.authInfo` (SDK v2).
 *
 * Structurally the SDKs' own `AuthInfo`, so that no SDK has to be imported.
 * Frozen: what a tool tries to do to it reaches nobody else.
 */
export interface AuthInfo {
  /**
   * The bearer token. Not enumerable, so that logging, spreading or serialising the object leaves it behind.
   * It was issued for this server: never send it to another (MCP 2026-07-28 Authorization, Access Token Privilege Restriction).
   */
  token: string;
  /** `client_id`, else `azp`, else the empty string. */
  clientId: string;
  /** Union of the `scope`, `scopes` and `scp` claims. */
  scopes: string[];
  /** Expiry in seconds since the epoch. */
  expiresAt?: number;
  /** The resource that this server is (RFC 9728). */
  resource?: URL;
  /** Where that resource's metadata is (RFC 9728 §3). */
  resourceMetadataUrl?: string;
  extra?: Record<string, unknown>;
}

/** What `AuthInfo.extra` holds behind the gate. */
export interface Identity {
  /** The `iss` claim. */
  issuer: string;
  /** The `sub` claim; unique only within its issuer (RFC 7519 §4.1.2). */
  subject: string;
  /** A person, or a client that acts for itself (RFC 9068 §2.2: `sub` equals `client_id`). */
  kind: "person" | "client";
  organizationId?: string;
  roles: readonly string[];
  permissions: readonly string[];
  /** Every claim. `jwt()`, `introspection()` and `scalekit()` freeze them. */
  claims: Readonly<Record<string, unknown>>;
}

/**
 * Who calls, typed: what the gate put into `auth.extra`.
 * @throws {Error} when `auth` did not come out of a gate of ours, or is missing
 */
export function identityOf(auth: AuthInfo | undefined): Identity {
  assertGuarded(auth);
  return auth.extra as unknown as Identity;
}

/** Whether an `AuthInfo` was made of this very token before. */
export function isKnown(accepted: AccessToken): boolean {
  return VerifiedToken.identityOf(accepted) !== undefined;
}

/** Requests with a token of our own verifiers share it. */
function identityIn(accepted: AccessToken): Identity {
  const known = VerifiedToken.identityOf(accepted);
  if (known !== undefined) return known;
  const { issuer, subject, kind, organizationId, claims } = accepted;
  const identity: Identity = {
    issuer,
    subject,
    kind,
    roles: frozen(accepted.roles),
    permissions: frozen(accepted.permissions),
    claims,
  };
  if (organizationId !== undefined) identity.organizationId = organizationId;
  VerifiedToken.remember(accepted, Object.freeze(identity));
  return identity;
}

function frozen(list: readonly string[]): readonly string[] {
  return Object.isFrozen(list) ? list : Object.freeze([...list]);
}

export function authInfoOf(token: string, accepted: AccessToken, resource: Resource): AuthInfo {
  return new Caller(token, accepted, resource) as unknown as AuthInfo;
}

/** What does not show is on the prototype or under a hidden key, so that it is neither enumerated, spread nor serialised. */
class Caller {
  readonly clientId: string;
  readonly scopes: string[];
  readonly expiresAt: number;
  readonly resourceMetadataUrl: string;
  readonly extra: Record<string, unknown>;

  constructor(token: string, accepted: AccessToken, resource: Resource) {
    this.clientId = accepted.clientId;
    this.scopes = (isKnown(accepted) ? accepted.scopes : frozen(accepted.scopes)) as string[];
    this.expiresAt = accepted.expiresAt;
    this.resourceMetadataUrl = resource.metadataUrl;
    this.extra = identityIn(accepted) as unknown as Record<string, unknown>;
    Object.defineProperty(this, "resource", resourceProperty(resource));
    addSlot(this, token);
    Object.freeze(this);
  }

  get token(): string {
    return slotOf(this)?.token ?? "";
  }
}

const resourceProperties = new WeakMap<Resource, PropertyDescriptor>();

/** A URL can be changed by whoever holds it, so each reader gets their own. */
function resourceProperty(resource: Resource): PropertyDescriptor {
  const known = resourceProperties.get(resource);
  if (known !== undefined) return known;
  const property = { enumerable: true, get: () => new URL(resource.identifier) };
  resourceProperties.set(resource, property);
  return property;
}

/**
 * Throws unless `auth` came out of a gate: a seat belt for the first line of a handler,
 * against the day on which somebody mounts it on a second route and forgets the gate there.
 *
 * @throws {Error} when the handler runs without a gate before it, or on a public operation without a token.
 */
export function assertGuarded(auth: unknown): asserts auth is AuthInfo {
  if (slotOf(auth) === undefined)
    throw new Error(
      "This handler was reached without mcp-authz before it. Mount mcpAuthz on every route that leads here.",
    );
}
