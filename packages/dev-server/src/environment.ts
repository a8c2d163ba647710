import type { Administration, Connection, EnvironmentScope, Member, Role } from "./administration.js";
import type { Identifiers } from "./identifiers.js";
import type { DevMcpServer, DevOrganization, DevScope, DevUser, IssuerPhase } from "./options.js";
import {
  type ClientDetails,
  type ClientRecord,
  clientRecord,
  type EnvironmentState,
  type McpServer,
  type Organization,
  required,
  serverRecord,
  type User,
} from "./records.js";
import { findByIndicator } from "./resource-indicator.js";

export type { ClientRecord, EnvironmentState, McpServer, Organization, User } from "./records.js";

/** `protocol`: what authorization servers are built from; `registered`: what they look up. */
export type Change = "protocol" | "registered";

const KINDS = [
  "servers",
  "users",
  "organizations",
  "clients",
  "scopes",
  "roles",
  "connections",
  "members",
] as const;

/** Everything that was registered in this environment, and where it lives. */
export class Environment {
  readonly url: string;
  readonly servers: Map<string, McpServer> = new Map();
  readonly users: Map<string, User> = new Map();
  readonly organizations: Map<string, Organization> = new Map();
  readonly clients: Map<string, ClientRecord> = new Map();
  readonly scopes: Map<string, EnvironmentScope> = new Map();
  readonly roles: Map<string, Role> = new Map();
  readonly connections: Map<string, Connection> = new Map();
  readonly members: Map<string, Member> = new Map();
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
    const record = serverRecord(server, this.identifiers);
    const added = { ...record, scopes: record.scopes.map((scope) => this.#described(scope)) };
    const { url } = added;
    const taken = [...this.servers.values()].find((other) => other.url !== undefined && other.url === url);
    if (taken && taken.id !== added.id) {
      throw new TypeError(`The server URL ${JSON.stringify(url)} is already that of ${taken.id}`);
    }
    this.servers.set(added.id, added);
    this.#changed("protocol");
    return added;
  }

  /** A scope with the description that the environment has for it, unless it has its own. */
  #described(scope: DevScope): DevScope {
    const known = [...this.scopes.values()].find(({ name }) => name === scope.name)?.description;
    return scope.description === undefined && known ? { ...scope, description: known } : scope;
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
    const same = this.findUser(required("email", user.email));
    if (same && same.id !== added.id) throw new TypeError(`${user.email} is already ${same.id}`);
    this.users.set(added.id, added);
    for (const id of [user.organizationId ?? [], user.otherOrganizationIds ?? []].flat()) {
      if (!this.organizations.has(id)) this.organizations.set(id, { id, name: id });
    }
    this.#changed("registered");
    return added;
  }

  addOrganization(organization: DevOrganization): Organization {
    const id = organization.id ?? this.identifiers("org");
    const added = { ...organization, id, name: required("name", organization.name) };
    this.organizations.set(added.id, added);
    this.#changed("registered");
    return added;
  }

  addClient(client: ClientDetails): ClientRecord {
    const server = client.server === undefined ? undefined : this.findServer(client.server);
    if (client.server !== undefined && !server) {
      throw new TypeError(`The client's server ${JSON.stringify(client.server)} is not registered`);
    }
    for (const named of [client.tokenExchange?.from ?? [], client.tokenExchange?.to ?? []].flat()) {
      if (!this.findServer(named)) {
        throw new TypeError(
          `The client's tokenExchange names ${JSON.stringify(named)}, which is not registered`,
        );
      }
    }
    return this.putClient(clientRecord(client, server, this.identifiers));
  }

  putClient(client: ClientRecord): ClientRecord {
    this.clients.set(client.id, client);
    this.#changed("registered");
    return client;
  }

  /** Adds or replaces by id. */
  put<Kind extends keyof Administration>(
    kind: Kind,
    record: Administration[Kind][number],
  ): Administration[Kind][number] {
    (this[kind] as Map<string, Administration[Kind][number]>).set(record.id, record);
    this.#changed("registered");
    return record;
  }

  remove(kind: "users" | "organizations" | "clients" | keyof Administration, id: string): boolean {
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

  /** What somebody may do: their own permissions and those of their roles. */
  permissionsOf({
    roles = [],
    permissions,
  }: Pick<DevUser, "roles" | "permissions">): readonly string[] | undefined {
    const ofRoles = roles.flatMap((role) => this.roles.get(role)?.permissions ?? []);
    return ofRoles.length === 0 ? permissions : [...new Set([...(permissions ?? []), ...ofRoles])];
  }

  /** Whether members of an organization can log in by its identity provider: it has none of its own, or one that is on. */
  offersSso(organizationId: string): boolean {
    const own = [...this.connections.values()].filter((one) => one.organizationId === organizationId);
    return own.length === 0 || own.some(({ enabled }) => enabled);
  }

  state(): EnvironmentState {
    return {
      issuerPhase: this.issuerPhase,
      servers: [...this.servers.values()],
      users: [...this.users.values()],
      organizations: [...this.organizations.values()],
      clients: [...this.clients.values()],
      scopes: [...this.scopes.values()],
      roles: [...this.roles.values()],
      connections: [...this.connections.values()],
      members: [...this.members.values()],
    };
  }

  restore(state: EnvironmentState): void {
    this.#issuerPhase = state.issuerPhase;
    for (const kind of KINDS) {
      const target = this[kind] as Map<string, { readonly id: string }>;
      target.clear();
      for (const one of state[kind] ?? []) target.set(one.id, one);
    }
  }
}
