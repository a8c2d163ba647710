import { randomBytes } from "node:crypto";
import type { AllClientMetadata } from "oidc-provider";
import type { Identifiers } from "./identifiers.js";
import type {
  DevClient,
  DevCustomLogin,
  DevMcpServer,
  DevOrganization,
  DevScope,
  DevUser,
  IssuerPhase,
} from "./options.js";
import { findByIndicator, serverUrl } from "./resource-indicator.js";

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
  readonly metadata: AllClientMetadata;
}

/** What an environment holds, as it is written to a file. */
export interface EnvironmentState {
  readonly issuerPhase: IssuerPhase;
  readonly servers: readonly McpServer[];
  readonly users: readonly User[];
  readonly organizations: readonly Organization[];
  readonly clients: readonly ClientRecord[];
}

/** `protocol`: what authorization servers are built from; `registered`: what they look up. */
export type Change = "protocol" | "registered";

/** Everything that was registered in this environment, and where it lives. */
export class Environment {
  readonly url: string;
  readonly servers: Map<string, McpServer> = new Map();
  readonly users: Map<string, User> = new Map();
  readonly organizations: Map<string, Organization> = new Map();
  readonly clients: Map<string, ClientRecord> = new Map();
  readonly identifiers: Identifiers;
  #issuerPhase: IssuerPhase;
  readonly #listeners = new Set<(change: Change) => void>();

  constructor(url: string, identifiers: Identifiers, issuerPhase: IssuerPhase) {
    this.url = url;
    this.identifiers = identifiers;
    this.#issuerPhase = issuerPhase;
  }

  get issuerPhase(): IssuerPhase {
    return this.#issuerPhase;
  }

  set issuerPhase(phase: IssuerPhase) {
    this.#issuerPhase = phase;
    this.#changed("protocol");
  }

  /** Calls `listener` after every change. */
  onChange(listener: (change: Change) => void): void {
    this.#listeners.add(listener);
  }

  #changed(change: Change): void {
    for (const listener of this.#listeners) listener(change);
  }

  addServer(server: DevMcpServer): McpServer {
    const { url, customLogin } = server;
    const added: McpServer = {
      id: server.id ?? this.identifiers("res"),
      name: server.name,
      ...(url === undefined ? {} : { url: serverUrl(url) }),
      scopes: (server.scopes ?? []).map((scope) => (typeof scope === "string" ? { name: scope } : scope)),
      dcr: server.dcr ?? true,
      cimd: server.cimd ?? true,
      accessTokenLifetime: seconds("accessTokenLifetime", server.accessTokenLifetime ?? 3600),
      refreshTokenLifetime: seconds("refreshTokenLifetime", server.refreshTokenLifetime ?? 86_400),
      accessTokenFormat: server.accessTokenFormat ?? "jwt",
      intersectScopesUserPermission: server.intersectScopesUserPermission ?? false,
      ...(customLogin
        ? {
            customLogin: {
              connectionId: customLogin.connectionId ?? this.identifiers("conn"),
              url: serverUrl(customLogin.url),
            },
          }
        : {}),
    };
    if (!/^[a-z]+_[A-Za-z0-9_-]+$/.test(added.id)) {
      throw new TypeError(`The server id ${JSON.stringify(added.id)} does not look like res_…`);
    }
    const taken = [...this.servers.values()].find((other) => other.url !== undefined && other.url === url);
    if (taken && taken.id !== added.id) {
      throw new TypeError(`The server URL ${JSON.stringify(url)} is already that of ${taken.id}`);
    }
    this.servers.set(added.id, added);
    this.#changed("protocol");
    return added;
  }

  /** Also removes the clients that belong to it. */
  removeServer(id: string): boolean {
    for (const client of this.clients.values()) if (client.serverId === id) this.clients.delete(client.id);
    const removed = this.servers.delete(id);
    this.#changed("protocol");
    return removed;
  }

  addUser(user: DevUser & { readonly connectionId?: string }): User {
    const added = { ...user, id: user.id ?? this.identifiers("usr") };
    this.users.set(added.id, added);
    for (const id of [user.organizationId ?? [], user.otherOrganizationIds ?? []].flat()) {
      if (!this.organizations.has(id)) this.organizations.set(id, { id, name: id });
    }
    this.#changed("registered");
    return added;
  }

  addOrganization(organization: DevOrganization): Organization {
    const added = { ...organization, id: organization.id ?? this.identifiers("org") };
    this.organizations.set(added.id, added);
    this.#changed("registered");
    return added;
  }

  addClient(client: DevClient & { readonly customClaims?: Readonly<Record<string, unknown>> }): ClientRecord {
    const server = client.server === undefined ? undefined : this.findServer(client.server);
    if (client.server !== undefined && !server) {
      throw new TypeError(`The client's server ${JSON.stringify(client.server)} is not registered`);
    }
    const id = client.id ?? this.identifiers(clientPrefix(server, client));
    const { scopes, organizationId, roles, permissions, customClaims } = client;
    const added: ClientRecord = {
      id,
      source: "registered",
      ...(server ? { serverId: server.id } : {}),
      ...(scopes ? { scopes } : {}),
      ...(organizationId ? { organizationId } : {}),
      ...(roles ? { roles } : {}),
      ...(permissions ? { permissions } : {}),
      ...(customClaims ? { customClaims } : {}),
      metadata: registeredClientMetadata(id, client),
    };
    return this.putClient(added);
  }

  putClient(client: ClientRecord): ClientRecord {
    this.clients.set(client.id, client);
    this.#changed("registered");
    return client;
  }

  remove(kind: "users" | "organizations" | "clients", id: string): boolean {
    const removed = this[kind].delete(id);
    this.#changed("registered");
    return removed;
  }

  /** By `res_…` id or by resource indicator, where `https://h` and `https://h/` are the same. */
  findServer(idOrUrl: string): McpServer | undefined {
    return (
      this.servers.get(idOrUrl) ??
      findByIndicator(idOrUrl, this.servers.values(), (server) => this.resourceIndicator(server))
    );
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

  state(): EnvironmentState {
    return {
      issuerPhase: this.issuerPhase,
      servers: [...this.servers.values()],
      users: [...this.users.values()],
      organizations: [...this.organizations.values()],
      clients: [...this.clients.values()],
    };
  }

  restore(state: EnvironmentState): void {
    this.#issuerPhase = state.issuerPhase;
    for (const kind of ["servers", "users", "organizations", "clients"] as const) {
      const target = this[kind] as Map<string, { readonly id: string }>;
      target.clear();
      for (const one of state[kind]) target.set(one.id, one);
    }
  }
}

function clientPrefix(server: McpServer | undefined, client: DevClient): "m2m" | "m2morg" | "skc" {
  if (server) return "m2m";
  return client.organizationId === undefined ? "skc" : "m2morg";
}

/** A new client secret, recognizable as one in logs and scanners. */
export function newSecret(): string {
  return `dev_${randomBytes(24).toString("base64url")}`;
}

function seconds(name: string, value: number): number {
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new TypeError(`${name} must be a whole number of seconds above 0, not ${value}`);
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
