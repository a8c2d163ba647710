import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { default as Provider } from "oidc-provider";
import {
  type AuthorizationServerContext,
  createAuthorizationServer,
  newCookieKeys,
} from "./authorization-server.js";
import { Environment, type McpServer } from "./environment.js";
import { sendJson } from "./http.js";
import { createIdentifiers } from "./identifiers.js";
import { type KeyServerMode, SigningKeys } from "./keys.js";
import { type ResourceMetadata, resourceMetadata } from "./metadata.js";
import type { Approve, DevClient, DevMcpServer, DevServerOptions, DevUser, IssuerPhase } from "./options.js";
import { protocolLibrary } from "./protocol-library.js";
import { type LoggedRequest, RequestLog, type RequestNotes } from "./request-log.js";
import { type Routes, route } from "./routes.js";
import { Store } from "./store.js";

/** A registered MCP server, with what its own code needs to know. */
export interface RegisteredServer extends McpServer {
  /** `{env}/resources/{res}`: what goes into `authorization_servers`. */
  readonly issuer: string;
  /** Protected resource metadata to serve: the dashboard's *Metadata JSON*. */
  readonly metadata: ResourceMetadata;
  /** The environment variables to start the MCP server with. */
  readonly env: { readonly SCALEKIT_ENVIRONMENT_URL: string; readonly SCALEKIT_RESOURCE_ID: string };
}

/** A client that {@link DevServer.registerClient} made. */
export interface RegisteredClient {
  readonly id: string;
  readonly secret?: string;
}

/** A user, as registered. */
export interface RegisteredUser extends DevUser {
  readonly id: string;
}

/** A running environment. */
export interface DevServer {
  /** The environment URL, without a trailing slash, for example `http://127.0.0.1:41234`. */
  readonly url: string;
  readonly servers: readonly RegisteredServer[];
  readonly users: readonly RegisteredUser[];
  registerServer(server: DevMcpServer): RegisteredServer;
  /** Changes what is named and keeps the rest. Throws when there is no such server. */
  updateServer(id: string, changes: Partial<Omit<DevMcpServer, "id">>): RegisteredServer;
  /** Also removes its clients. Returns whether there was one. */
  removeServer(id: string): boolean;
  registerUser(user: DevUser): RegisteredUser;
  registerClient(client: DevClient): RegisteredClient;
  /** Signs with a new key from now on; tokens of the old one stay valid. */
  rotateKeys(): Promise<void>;
  /** Takes a signing key (default: the current one) out of the published set. */
  revokeKey(kid?: string): Promise<void>;
  /** What `/keys` answers from now on. */
  setKeyServer(mode: KeyServerMode): void;
  setIssuerPhase(phase: IssuerPhase): void;
  /** Seconds by which the `iat`, `nbf` and `exp` of new tokens are off. */
  setClockOffset(seconds: number): void;
  /** The live log, oldest first; at most the last thousand. */
  readonly requests: readonly LoggedRequest[];
  /** Calls `listener` with every request from now on; returns how to stop. */
  onRequest(listener: (request: LoggedRequest) => void): () => void;
  close(): Promise<void>;
}

const TEST_USERS: readonly DevUser[] = [
  {
    email: "ada+sktest@acme.example",
    name: "Ada Admin",
    organizationId: "org_10000000000000000001",
    roles: ["admin"],
    permissions: ["data:read", "data:write"],
  },
  {
    email: "max+sktest@globex.example",
    name: "Max Member",
    organizationId: "org_10000000000000000002",
    roles: ["member"],
    permissions: ["data:read"],
  },
];

/**
 * Starts a local authorization server in the shape of a Scalekit environment, for developing and testing.
 * Everybody who reaches it can log in as any of its users.
 *
 * @throws TypeError when `NODE_ENV` is `production`, or an option cannot work
 */
export async function createDevServer(options: DevServerOptions = {}): Promise<DevServer> {
  refuseProduction();
  const library = await protocolLibrary();
  const server = createServer();
  const address = await listen(server, options);
  const identifiers = createIdentifiers(options.deterministic ?? false);
  const environment = new Environment(
    (options.publicUrl ?? `http://${address}`).replace(/\/$/, ""),
    identifiers,
    options.issuerPhase ?? "transition",
  );
  for (const user of options.users ?? TEST_USERS) environment.addUser(user);
  for (const one of options.servers ?? []) environment.addServer(one);
  for (const client of options.clients ?? []) environment.addClient(client);
  const replayed = (): Error => new library.errors.InvalidGrant("it was used before");
  const context: AuthorizationServerContext & { offset: number } = {
    library,
    environment,
    keys: new SigningKeys(identifiers),
    store: new Store(replayed),
    cookieKeys: newCookieKeys(),
    approve: approval(options.approve ?? "page"),
    loopbackClientMetadata: options.loopbackClientMetadata ?? false,
    clientMetadata: options.clientMetadata ?? {},
    notes: new WeakMap(),
    offset: 0,
    clockOffset: () => context.offset,
  };
  if (options.banner ?? true) process.stderr.write(banner(environment.url));
  return run(server, context, options);
}

function refuseProduction(): void {
  if (process.env.NODE_ENV === "production") {
    throw new TypeError(
      "@mcp-authz/dev-server lets anyone log in as anyone, so it does not run where NODE_ENV is production. " +
        "Point SCALEKIT_ENVIRONMENT_URL at a real environment instead.",
    );
  }
}

function approval(approve: "page" | "auto" | Approve): "page" | Approve {
  return approve === "auto" ? () => ({}) : approve;
}

function banner(url: string): string {
  return `
  ┌──────────────────────────────────────────────────────────────────┐
  │  DEVELOPMENT AUTHORIZATION SERVER: anyone can log in as anyone   │
  └──────────────────────────────────────────────────────────────────┘
  ${url}

`;
}

/** Listens, and returns `host:port`. */
async function listen(server: Server, options: DevServerOptions): Promise<string> {
  const host = options.host ?? "127.0.0.1";
  if (!LOOPBACK.has(host)) {
    throw new TypeError(`host must be a loopback name, not ${JSON.stringify(host)}; see dangerouslyHost`);
  }
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, options.dangerouslyHost ?? host, resolve);
  });
  return `${host === "::1" ? "[::1]" : host}:${(server.address() as AddressInfo).port}`;
}

const LOOPBACK: ReadonlySet<string> = new Set(["127.0.0.1", "localhost", "::1"]);

function run(
  server: Server,
  context: AuthorizationServerContext & { offset: number },
  options: DevServerOptions,
): DevServer {
  const { environment, keys, notes } = context;
  const log = new RequestLog();
  const providers = new Map<string, Promise<Provider>>();
  const changed = (): void => providers.clear();
  const routes: Routes = {
    environment,
    keys,
    secret: newCookieKeys()[0] ?? "",
    notes,
    authorizationServer: (one) => {
      const id = one?.id ?? "";
      const existing = providers.get(id);
      if (existing) return existing;
      const created = keys.current().then((key) => createAuthorizationServer(context, one, key));
      providers.set(id, created);
      return created;
    },
  };
  const checkHost = options.dangerouslyHost === undefined && options.publicUrl === undefined;
  server.on("request", (request, response) => answer(routes, log, checkHost, request, response));
  return {
    ...administration(context, changed),
    url: environment.url,
    get servers() {
      return [...environment.servers.values()].map((one) => registered(environment, one));
    },
    get users() {
      return [...environment.users.values()];
    },
    requests: log.entries,
    onRequest: (listener) => log.subscribe(listener),
    close: () => close(server),
  };
}

type Administration = Omit<DevServer, "url" | "servers" | "users" | "requests" | "onRequest" | "close">;

function administration(
  context: AuthorizationServerContext & { offset: number },
  changed: () => void,
): Administration {
  const { environment, keys } = context;
  return {
    registerServer: (one) => {
      const added = environment.addServer(one);
      changed();
      return registered(environment, added);
    },
    updateServer: (id, changes) => {
      const before = environment.servers.get(id);
      if (!before) throw new TypeError(`There is no MCP server ${JSON.stringify(id)}`);
      const after = environment.addServer({ ...before, ...changes, id });
      changed();
      return registered(environment, after);
    },
    removeServer: (id) => {
      for (const client of environment.clients.values()) {
        if (client.serverId === id) environment.clients.delete(client.id);
      }
      changed();
      return environment.servers.delete(id);
    },
    registerUser: (user) => environment.addUser(user),
    registerClient: (client) => {
      const { id } = environment.addClient(client);
      return { id, ...(client.secret === undefined ? {} : { secret: client.secret }) };
    },
    rotateKeys: async () => {
      await keys.rotate();
      changed();
    },
    revokeKey: async (kid) => {
      await keys.revoke(kid);
      changed();
    },
    setKeyServer: (mode) => {
      keys.mode = mode;
    },
    setIssuerPhase: (phase) => {
      environment.issuerPhase = phase;
      changed();
    },
    setClockOffset: (seconds) => {
      context.offset = seconds;
    },
  };
}

function registered(environment: Environment, server: McpServer): RegisteredServer {
  return {
    ...server,
    issuer: environment.resourceIssuer(server),
    metadata: resourceMetadata(environment, server),
    env: { SCALEKIT_ENVIRONMENT_URL: environment.url, SCALEKIT_RESOURCE_ID: server.id },
  };
}

function answer(
  routes: Routes,
  log: RequestLog,
  checkHost: boolean,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const notes: RequestNotes = {};
  const { method = "GET", url = "/" } = request;
  const path = url.split("?")[0] ?? "/";
  recordOnce(response, () => log.add({ method, path, status: response.statusCode }, notes));
  // A page on the internet can reach loopback through a host name of its own (DNS rebinding).
  if (checkHost && !isLoopbackHost(request.headers.host)) {
    sendJson(response, 403, { error: "forbidden", error_description: "Host not allowed" });
    return;
  }
  route(routes, request, response, notes).catch((error: unknown) => {
    notes.error = "server_error";
    notes.detail = String(error);
    if (response.headersSent) response.destroy();
    else sendJson(response, 500, { error: "server_error" });
  });
}

/** Calls `record` before the last byte is sent, so that whoever has the answer finds it in the log. */
function recordOnce(response: ServerResponse, record: () => void): void {
  let recorded = false;
  const once = (): void => {
    if (!recorded) record();
    recorded = true;
  };
  const end = response.end.bind(response) as (...values: unknown[]) => ServerResponse;
  response.end = ((...values: unknown[]) => {
    once();
    return end(...values);
  }) as ServerResponse["end"];
  response.once("close", once);
}

function isLoopbackHost(host: string | undefined): boolean {
  return /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i.test(host ?? "");
}

function close(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error ? reject(error) : resolve()));
    server.closeAllConnections();
  });
}
