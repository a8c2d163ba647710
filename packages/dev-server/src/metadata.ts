import type { Environment, McpServer } from "./environment.js";
import { TOKEN_EXCHANGE } from "./token-exchange.js";

/** A JSON document whose members are the standard's (snake_case). */
export type Document = Readonly<Record<string, unknown>>;

/** OAuth 2.0 Protected Resource Metadata (RFC 9728): what the dashboard shows as *Metadata JSON*. */
export interface ResourceMetadata {
  readonly resource: string;
  readonly authorization_servers: readonly string[];
  readonly bearer_methods_supported: readonly string[];
  readonly resource_documentation?: string;
  readonly scopes_supported: readonly string[];
}

/** The document that the MCP server serves at its own well-known location. */
export function resourceMetadata(environment: Environment, server: McpServer): ResourceMetadata {
  return {
    authorization_servers: [environment.resourceIssuer(server)],
    bearer_methods_supported: ["header"],
    resource: environment.resourceIndicator(server),
    ...(server.url === undefined ? {} : { resource_documentation: documentation(server.url) }),
    scopes_supported: server.scopes.map((scope) => scope.name),
  };
}

function documentation(url: string): string {
  return `${url.replace(/\/$/, "")}/docs`;
}

/** Authorization server metadata of one MCP server (RFC 8414). */
export function serverMetadata(environment: Environment, server: McpServer): Document {
  const base = environment.resourceIssuer(server);
  return {
    issuer: environment.metadataIssuer(server),
    authorization_endpoint: `${base}/oauth/authorize`,
    token_endpoint: `${base}/oauth/token`,
    ...(server.dcr
      ? { registration_endpoint: `${environment.url}/api/v1/resources/${server.id}/clients:register` }
      : {}),
    ...common(environment),
    client_id_metadata_document_supported: server.cimd,
    scopes_supported: [...server.scopes.map((scope) => scope.name), "openid", "offline_access"],
  };
}

/** OpenID Provider metadata of the environment: it registers nobody. */
export function environmentMetadata(environment: Environment): Document {
  return {
    issuer: environment.url,
    authorization_endpoint: `${environment.url}/oauth/authorize`,
    token_endpoint: `${environment.url}/oauth/token`,
    userinfo_endpoint: `${environment.url}/userinfo`,
    end_session_endpoint: `${environment.url}/oidc/logout`,
    ...common(environment),
    client_id_metadata_document_supported: [...environment.servers.values()].some((server) => server.cimd),
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["RS256"],
    scopes_supported: ["openid", "profile", "email", "offline_access"],
    claims_supported: ["sub", "email", "name", "oid"],
  };
}

/** `none` first: some hosts use metadata documents only where it is offered. */
const AUTHENTICATION = ["none", "client_secret_basic", "client_secret_post", "private_key_jwt"];

function common(environment: Environment): Document {
  return {
    jwks_uri: `${environment.url}/keys`,
    revocation_endpoint: `${environment.url}/oauth/revoke`,
    introspection_endpoint: `${environment.url}/oauth/introspect`,
    response_types_supported: ["code"],
    response_modes_supported: ["query", "fragment", "form_post"],
    grant_types_supported: [
      "authorization_code",
      "refresh_token",
      "client_credentials",
      // Scalekit's own metadata does not have it, so neither has ours until somebody may use it.
      ...([...environment.clients.values()].some((client) => client.tokenExchange) ? [TOKEN_EXCHANGE] : []),
    ],
    code_challenge_methods_supported: ["S256"],
    token_endpoint_auth_methods_supported: AUTHENTICATION,
    token_endpoint_auth_signing_alg_values_supported: ["RS256", "PS256", "ES256", "EdDSA"],
    dpop_signing_alg_values_supported: ["ES256", "EdDSA", "Ed25519"],
    authorization_response_iss_parameter_supported: true,
  };
}
