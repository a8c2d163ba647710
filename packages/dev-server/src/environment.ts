import type { AllClientMetadata } from "oidc-provider";
import type { Identifiers } from "./identifiers.js";
import type { DevClient, DevMcpServer, DevScope, DevUser, IssuerPhase } from "./options.js";

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
}

/** A user, with the identifier that tokens carry. */
export interface User extends DevUser {
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
  readonly metadata: AllClientMetadata;
}

/** Everything that was registered in this environment, and where it lives. */
export class Environment {
  readonly url: string;
  readonly servers: Map<string, McpServer> = new Map();
  readonly users: Map<string, User> = new Map();
  readonly clients: Map<string, ClientRecord> = new Map();
  readonly identifiers: Identifiers;
  issuerPhase: IssuerPhase;

  constructor(url: string, identifiers: Identifiers, issuerPhase: IssuerPhase) {
    this.url = url;
    this.identifiers = identifiers;
    this.issuerPhase = issuerPhase;
  }

  addServer(server: DevMcpServer): McpServer {
    const { url } = server;
    const added: McpServer = {
      id: server.id ?? this.identifiers("res"),
      name: server.name,
      ...(url === undefined ? {} : { url: serverUrl(url) }),
      scopes: (server.scopes ?? []).map((scope) => (typeof scope === "string" ? { name: scope } : scope)),
      dcr: server.dcr ?? true,
      cimd: server.cimd ?? true,
      accessTokenLifetime: server.accessTokenLifetime ?? 3600,
      refreshTokenLifetime: server.refreshTokenLifetime ?? 86_400,
    };
    if (!/^[a-z]+_[A-Za-z0-9_-]+$/.test(added.id)) {
      throw new TypeError(`The server id ${JSON.stringify(added.id)} does not look like res_…`);
    }
    this.servers.set(added.id, added);
    return added;
  }

  addUser(user: DevUser): User {
    const added = { ...user, id: user.id ?? this.identifiers("usr") };
    this.users.set(added.id, added);
    return added;
  }

  addClient(client: DevClient): ClientRecord {
    const server = client.server === undefined ? undefined : this.findServer(client.server);
    if (client.server !== undefined && !server) {
      throw new TypeError(`The client's server ${JSON.stringify(client.server)} is not registered`);
    }
    const id = client.id ?? this.identifiers(server ? "m2m" : "skc");
    const { scopes, organizationId, roles, permissions } = client;
    const added: ClientRecord = {
      id,
      source: "registered",
      ...(server ? { serverId: server.id } : {}),
      ...(scopes ? { scopes } : {}),
      ...(organizationId ? { organizationId } : {}),
      ...(roles ? { roles } : {}),
      ...(permissions ? { permissions } : {}),
      metadata: registeredClientMetadata(id, client),
    };
    this.clients.set(id, added);
    return added;
  }

  /** By `res_…` id or by resource indicator, where `https://h` and `https://h/` are the same. */
  findServer(idOrUrl: string): McpServer | undefined {
    const byId = this.servers.get(idOrUrl);
    if (byId) return byId;
    for (const server of this.servers.values()) {
      const indicator = this.resourceIndicator(server);
      if (idOrUrl === indicator || (isOrigin(indicator) && idOrUrl === alias(indicator))) return server;
    }
    return undefined;
  }

  /** By e-mail address or `usr_…` id. */
  findUser(idOrEmail: string): User | undefined {
    const byId = this.users.get(idOrEmail);
    if (byId) return byId;
    return [...this.users.values()].find((user) => user.email.toLowerCase() === idOrEmail.toLowerCase());
  }

  /** What a client sends as `resource` (RFC 8707): the Server URL, or a stand-in while there is none. */
  resourceIndicator(server: McpServer): string {
    return server.url ?? this.resourceIssuer(server);
  }

  /** `{env}/resources/{res}`: the server's own authorization server identifier. */
  resourceIssuer(server: McpServer): string {
    return `${this.url}/resources/${server.id}`;
  }

  /** The `issuer` that metadata states (RFC 8414), and with it `iss` on the redirect (RFC 9207). */
  metadataIssuer(server: McpServer | undefined): string {
    return server && this.issuerPhase !== "legacy" ? this.resourceIssuer(server) : this.url;
  }

  /** The `iss` claim of access tokens. */
  tokenIssuer(server: McpServer | undefined): string {
    return server && this.issuerPhase === "resource" ? this.resourceIssuer(server) : this.url;
  }
}

function serverUrl(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed || !/^https?:$/.test(parsed.protocol) || url.includes("#")) {
    throw new TypeError(`The server URL ${JSON.stringify(url)} must be an http(s) URL without a fragment`);
  }
  return url;
}

function isOrigin(url: string): boolean {
  return new URL(url).pathname === "/" && new URL(url).search === "";
}

function alias(url: string): string {
  return url.endsWith("/") ? url.slice(0, -1) : `${url}/`;
}

function registeredClientMetadata(id: string, client: DevClient): AllClientMetadata {
  const redirects = [...(client.redirectUris ?? [])];
  return {
    client_id: id,
    client_name: client.name ?? id,
    redirect_uris: redirects,
    response_types: redirects.length > 0 ? ["code"] : [],
    grant_types: [
      ...(redirects.length > 0 ? ["authorization_code", "refresh_token"] : []),
      ...(client.secret ? ["client_credentials"] : []),
    ],
    ...(client.secret
      ? { client_secret: client.secret, token_endpoint_auth_method: "client_secret_basic" }
      : { token_endpoint_auth_method: "none" }),
  };
}
