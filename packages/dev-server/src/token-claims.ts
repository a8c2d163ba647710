import type { AccessToken, ClientCredentials, KoaContextWithOIDC } from "oidc-provider";
import { actorOf } from "./actor.js";
import type { Environment, McpServer } from "./environment.js";
import { findPrincipal } from "./principal.js";

export type Claims = Record<string, unknown>;

/** The claims that Scalekit adds to an access token, whether it is a JWT or opaque. */
export function extraClaims(environment: Environment, token: AccessToken | ClientCredentials): Claims {
  const scopes = token.scope?.split(" ") ?? [];
  const holder = holderOf(environment, token);
  const organization = environment.organizations.get(holder.organizationId ?? "");
  const sessionUid = token.kind === "AccessToken" ? token.sessionUid : undefined;
  return defined({
    scopes,
    oid: holder.organizationId,
    roles: holder.roles,
    permissions: environment.permissionsOf(holder),
    xuid: holder.externalId,
    xoid: organization?.externalId,
    custom_claims: holder.customClaims,
    act: actorOf(token),
    sid: sessionUid === undefined ? undefined : `ses_${sessionUid}`,
  });
}

interface Holder {
  readonly organizationId?: string;
  readonly roles?: readonly string[];
  readonly permissions?: readonly string[];
  readonly externalId?: string;
  readonly customClaims?: Readonly<Record<string, unknown>>;
}

/** The user, in the organization that they logged in to, or the client that acts for itself. */
function holderOf(environment: Environment, token: AccessToken | ClientCredentials): Holder {
  if (token.kind === "ClientCredentials") return environment.clients.get(token.clientId ?? "") ?? {};
  const principal = findPrincipal(environment, token.accountId);
  if (!principal) return {};
  const { user, organizationId } = principal;
  return organizationId === undefined ? user : { ...user, organizationId };
}

function defined(claims: Claims): Claims {
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined));
}

/** What the environment's clock and issuer phase make of a token that the protocol library is about to sign. */
export interface JwtShape {
  readonly environment: Environment;
  readonly server: McpServer | undefined;
  /** Seconds since the epoch, by the environment's clock. */
  readonly issuedAt: number;
}

/** Gives a JWT access token the shape that Scalekit gives it. */
export function shapeJwt(
  { environment, server, issuedAt }: JwtShape,
  context: KoaContextWithOIDC,
  jwt: { header?: Claims | undefined; payload: Claims },
): void {
  const { payload } = jwt;
  const lifetime = Number(payload.exp) - Number(payload.iat);
  Object.assign(payload, {
    iss: environment.tokenIssuer(server),
    aud: server ? audience(server) : [payload.client_id],
    sub: subject(environment, String(payload.sub)),
    jti: environment.identifiers("tkn"),
    scope: [oidcScope(context), payload.scope].filter(Boolean).join(" ") || undefined,
    iat: issuedAt,
    nbf: issuedAt,
    exp: issuedAt + lifetime,
  });
  // What Scalekit writes; RFC 9068 would have at+jwt, and a resource server must take both.
  jwt.header = { ...jwt.header, typ: "JWT" };
}

/** The Server URL, when there is one, and the `res_…` id always. */
export function audience(server: McpServer): readonly string[] {
  return [...(server.url === undefined ? [] : [server.url]), server.id];
}

/** `usr_…` for people; machines are their own subject. */
export function subject(environment: Environment, account: string): string {
  return findPrincipal(environment, account)?.user.id ?? account;
}

/** The granted OpenID Connect scopes: part of `scope` in the token, but not of `scopes`. */
export function oidcScope(context: KoaContextWithOIDC): string {
  const { Grant: grant, AuthorizationCode: code, RefreshToken: refresh } = context.oidc.entities;
  const source = code ?? refresh;
  return grant && source ? grant.getOIDCScopeFiltered(source.scopes) : "";
}
