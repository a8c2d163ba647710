import type { AccessToken, ClientCredentials, KoaContextWithOIDC } from "oidc-provider";
import type { Environment, McpServer, User } from "./environment.js";

type Claims = Record<string, unknown>;

/** The claims that Scalekit adds to an access token, whether it is a JWT or opaque. */
export function extraClaims(environment: Environment, token: AccessToken | ClientCredentials): Claims {
  const scopes = token.scope?.split(" ") ?? [];
  if (token.kind === "ClientCredentials") {
    const client = environment.clients.get(token.clientId ?? "");
    return { scopes, ...organization(client) };
  }
  const user = environment.users.get(token.accountId);
  return {
    scopes,
    ...organization(user),
    ...(token.sessionUid ? { sid: `ses_${token.sessionUid}` } : {}),
  };
}

function organization(holder: Pick<User, "organizationId" | "roles" | "permissions"> | undefined): Claims {
  return {
    ...(holder?.organizationId ? { oid: holder.organizationId } : {}),
    ...(holder?.roles ? { roles: holder.roles } : {}),
    ...(holder?.permissions ? { permissions: holder.permissions } : {}),
  };
}

/** What the environment's clock and issuer phase make of a token that the protocol library is about to sign. */
export interface JwtShape {
  readonly environment: Environment;
  readonly server: McpServer | undefined;
  /** Seconds by which the environment's clock is off. */
  readonly clockOffset: number;
}

/** Gives a JWT access token the shape that Scalekit gives it. */
export function shapeJwt(
  shape: JwtShape,
  context: KoaContextWithOIDC,
  jwt: { header?: Claims | undefined; payload: Claims },
): void {
  const { environment, server, clockOffset } = shape;
  const { payload } = jwt;
  const issued = Number(payload.iat) + clockOffset;
  Object.assign(payload, {
    iss: environment.tokenIssuer(server),
    aud: server ? [...(server.url === undefined ? [] : [server.url]), server.id] : [payload.client_id],
    jti: environment.identifiers("tkn"),
    scope: [oidcScope(context), payload.scope].filter(Boolean).join(" ") || undefined,
    iat: issued,
    nbf: issued,
    exp: Number(payload.exp) + clockOffset,
  });
  // What Scalekit writes; RFC 9068 would have at+jwt, and a resource server must take both.
  jwt.header = { ...jwt.header, typ: "JWT" };
}

/** The granted OpenID Connect scopes: part of `scope` in the token, but not of `scopes`. */
export function oidcScope(context: KoaContextWithOIDC): string {
  const { Grant: grant, AuthorizationCode: code, RefreshToken: refresh } = context.oidc.entities;
  const source = code ?? refresh;
  return grant && source ? grant.getOIDCScopeFiltered(source.scopes) : "";
}
