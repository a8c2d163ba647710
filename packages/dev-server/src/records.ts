import { randomBytes } from "node:crypto";
import type { AllClientMetadata, JWKS } from "oidc-provider";
import type { Administration } from "./administration.js";
import { redirectUriFault } from "./client-metadata.js";
import type { Identifiers } from "./identifiers.js";
import type {
  DevClient,
  DevCustomLogin,
  DevMcpServer,
  DevOrganization,
  DevScope,
  DevTokenExchange,
  DevUser,
  IssuerPhase,
} from "./options.js";
import { serverUrl } from "./resource-indicator.js";
import { TOKEN_EXCHANGE } from "./token-exchange.js";

/** A registered MCP server, with every default filled in. */
export interface McpServer {
  readonly id: string;
  readonly name: string;
  readonly url?: string;
  readonly scopes: readonly DevScope[];
  readonly dcr: boolean;
  readonly cimd: boolean;
  readonly accessTokenLifetime: number;
  readonly refreshTokenLifetime: number;
  readonly accessTokenFormat: "jwt" | "opaque";
  readonly intersectScopesUserPermission: boolean;
  readonly customLogin?: Required<DevCustomLogin>;
}

/** A user, with the identifier that tokens carry. */
export interface User extends DevUser {
  readonly id: string;
  /** The custom login that vouched for them. */
  readonly connectionId?: string;
}

export interface Organization extends DevOrganization {
  readonly id: string;
}

/** Any client but those that describe themselves (Client ID Metadata Documents). */
export interface ClientRecord {
  readonly id: string;
  readonly source: "registered" | "dcr";
  /** The MCP server that it belongs to; `undefined`: the environment. */
  readonly serverId?: string;
  readonly scopes?: readonly string[];
  readonly organizationId?: string;
  readonly roles?: readonly string[];
  readonly permissions?: readonly string[];
  readonly customClaims?: Readonly<Record<string, unknown>>;
  readonly tokenExchange?: DevTokenExchange;
  readonly metadata: AllClientMetadata;
}

/** What a client can be given that only the API can say. */
export type ClientDetails = DevClient & { readonly customClaims?: Readonly<Record<string, unknown>> };

/** What an environment holds, as it is written to a file. */
export interface EnvironmentState extends Partial<Administration> {
  readonly issuerPhase: IssuerPhase;
  readonly servers: readonly McpServer[];
  readonly users: readonly User[];
  readonly organizations: readonly Organization[];
  readonly clients: readonly ClientRecord[];
}

/** An MCP server with its defaults, after checking everything that can be wrong with it alone. */
export function serverRecord(server: DevMcpServer, identifiers: Identifiers): McpServer {
  const { url, customLogin } = server;
  const id = server.id ?? identifiers("res");
  if (!/^[a-z]+_[A-Za-z0-9_-]+$/.test(id)) {
    throw new TypeError(`The server id ${JSON.stringify(id)} does not look like res_…`);
  }
  const login = customLogin && {
    connectionId: customLogin.connectionId ?? identifiers("conn"),
    url: serverUrl(customLogin.url),
  };
  return {
    id,
    name: required("name", server.name),
    ...(url === undefined ? {} : { url: serverUrl(url) }),
    scopes: (server.scopes ?? []).map(scopeRecord),
    dcr: server.dcr ?? true,
    cimd: server.cimd ?? true,
    accessTokenLifetime: seconds("accessTokenLifetime", server.accessTokenLifetime ?? 3600),
    refreshTokenLifetime: seconds("refreshTokenLifetime", server.refreshTokenLifetime ?? 86_400),
    accessTokenFormat: server.accessTokenFormat ?? "jwt",
    intersectScopesUserPermission: server.intersectScopesUserPermission ?? false,
    ...(login ? { customLogin: login } : {}),
  };
}

function scopeRecord(scope: string | DevScope): DevScope {
  const record = typeof scope === "string" ? { name: scope } : scope;
  // RFC 6749 section 3.3: scope-token.
  if (/^[\x21\x23-\x5b\x5d-\x7e]+$/.test(record.name)) return record;
  throw new TypeError(
    `The scope ${JSON.stringify(record.name)} must be one word without quotes and backslashes`,
  );
}

export function required(name: string, value: unknown): string {
  if (typeof value === "string" && value !== "") return value;
  throw new TypeError(`${name} is required`);
}

function seconds(name: string, value: number): number {
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new TypeError(`${name} must be a whole number of seconds above 0, not ${value}`);
}

/** A client that was registered by hand, for one MCP server or for the environment. */
export function clientRecord(
  client: ClientDetails,
  server: McpServer | undefined,
  identifiers: Identifiers,
): ClientRecord {
  const id = client.id ?? identifiers(clientPrefix(server, client));
  const { scopes, organizationId, roles, permissions, customClaims, tokenExchange } = client;
  return {
    id,
    source: "registered",
    ...(server ? { serverId: server.id } : {}),
    ...(scopes ? { scopes } : {}),
    ...(organizationId ? { organizationId } : {}),
    ...(roles ? { roles } : {}),
    ...(permissions ? { permissions } : {}),
    ...(customClaims ? { customClaims } : {}),
    ...(tokenExchange ? { tokenExchange } : {}),
    metadata: clientMetadata(id, client),
  };
}

function clientPrefix(server: McpServer | undefined, client: DevClient): "m2m" | "m2morg" | "skc" {
  if (server) return "m2m";
  return client.organizationId === undefined ? "skc" : "m2morg";
}

function clientMetadata(id: string, client: DevClient): AllClientMetadata {
  const redirects = [...(client.redirectUris ?? [])];
  const fault = redirects.map(redirectUriFault).find((found) => found !== undefined);
  if (fault) throw new TypeError(`The client ${JSON.stringify(id)}: ${fault}`);
  const authenticates = client.secret !== undefined || client.jwks !== undefined;
  if (client.tokenExchange && !authenticates)
    throw new TypeError(`The client ${JSON.stringify(id)} needs a secret or keys to exchange tokens`);
  return {
    client_id: id,
    client_name: client.name ?? id,
    redirect_uris: redirects,
    response_types: redirects.length > 0 ? ["code"] : [],
    grant_types: [
      ...(redirects.length > 0 ? ["authorization_code", "refresh_token"] : []),
      ...(authenticates ? ["client_credentials"] : []),
      ...(client.tokenExchange ? [TOKEN_EXCHANGE] : []),
    ],
    ...authentication(client),
  };
}

function authentication({ secret, jwks }: DevClient): AllClientMetadata {
  if (jwks) return { jwks: { keys: [...jwks.keys] } as JWKS, token_endpoint_auth_method: "private_key_jwt" };
  if (secret !== undefined)
    return { client_secret: secret, token_endpoint_auth_method: "client_secret_basic" };
  return { token_endpoint_auth_method: "none" };
}

/** A new client secret, recognizable as one in logs and scanners. */
export function newSecret(): string {
  return `dev_${randomBytes(24).toString("base64url")}`;
}
