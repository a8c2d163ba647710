import { randomBytes } from "node:crypto";
import type { default as Provider } from "oidc-provider";
import { createAuthorizationServer } from "./authorization-server.js";
import type { Context } from "./context.js";
import { CustomLogins } from "./custom-login.js";
import type { DevServer } from "./dev-server.js";
import { Environment, type McpServer } from "./environment.js";
import { createIdentifiers, type Identifiers } from "./identifiers.js";
import { SigningKeys } from "./keys.js";
import { type Listener, listen } from "./listener.js";
import { handleHttp2Request } from "./management/http2.js";
import { createOperations, registered } from "./operations.js";
import type { DevOrganization, DevServerOptions, DevUser } from "./options.js";
import { type ProtocolLibrary, protocolLibrary } from "./protocol-library.js";
import { newSecret } from "./records.js";
import { handleRequest } from "./request.js";
import { RequestLog } from "./request-log.js";
import { readState, type State, StateFile } from "./state-file.js";
import { Store } from "./store.js";

const ACME = "org_10000000000000000001";
const GLOBEX = "org_10000000000000000002";

const TEST_ORGANIZATIONS: readonly DevOrganization[] = [
  { id: ACME, name: "Acme" },
  { id: GLOBEX, name: "Globex" },
];

const TEST_USERS: readonly DevUser[] = [
  {
    email: "ada+sktest@acme.example",
    name: "Ada Admin",
    organizationId: ACME,
    roles: ["admin"],
    permissions: ["data:read", "data:write"],
  },
  {
    email: "max+sktest@globex.example",
    name: "Max Member",
    organizationId: GLOBEX,
    roles: ["member"],
    permissions: ["data:read"],
  },
];

const LOOPBACK: ReadonlySet<string> = new Set(["127.0.0.1", "localhost", "::1"]);

/**
 * Starts a local authorization server in the shape of a Scalekit environment, for developing and testing.
 * Everybody who reaches it can log in as any of its users.
 *
 * @throws TypeError when `NODE_ENV` is `production`, or an option cannot work
 */
export async function createDevServer(options: DevServerOptions = {}): Promise<DevServer> {
  refuse(options);
  const library = await protocolLibrary();
  const state = options.file === undefined ? undefined : await readState(options.file);
  let context: Context | undefined;
  const ready = (): Context => {
    if (!context) throw new Error("a request came before the environment was there");
    return context;
  };
  const listener = await listen({
    port: options.port ?? state?.port ?? 0,
    host: options.dangerouslyHost ?? options.host ?? "127.0.0.1",
    onRequest: (request, response) => handleRequest(ready(), isLocal(options), request, response),
    onHttp2Request: (request, response) => handleHttp2Request(ready(), request, response),
  });
  const identifiers = createIdentifiers(options.deterministic ?? false);
  const environment = new Environment(
    environmentUrl(options, listener.port),
    identifiers,
    options.issuerPhase ?? "transition",
  );
  try {
    fill(environment, options, state);
    context = createContext({ library, environment, identifiers, options, state });
  } catch (error) {
    await listener.close();
    throw error;
  }
  if (options.banner ?? true) process.stderr.write(banner(environment.url));
  return devServer(context, listener, options.file);
}

function refuse({ host = "127.0.0.1", deterministic, file }: DevServerOptions): void {
  if (process.env.NODE_ENV === "production") {
    throw new TypeError(
      "@mcp-authz/dev-server lets anyone log in as anyone, so it does not run where NODE_ENV is production. " +
        "Point SCALEKIT_ENVIRONMENT_URL at a real environment instead.",
    );
  }
  if (!LOOPBACK.has(host)) {
    throw new TypeError(`host must be a loopback name, not ${JSON.stringify(host)}; see dangerouslyHost`);
  }
  if (deterministic && file !== undefined) {
    throw new TypeError(
      "deterministic counts identifiers from 1, which a file remembers already; leave one out",
    );
  }
}

/** Whether only this machine is to reach the server, so that foreign host names are an attack. */
function isLocal(options: DevServerOptions): boolean {
  return options.dangerouslyHost === undefined && options.publicUrl === undefined;
}

function environmentUrl({ publicUrl, host = "127.0.0.1" }: DevServerOptions, port: number): string {
  if (publicUrl !== undefined) return publicUrl.replace(/\/$/, "");
  return `http://${host === "::1" ? "[::1]" : host}:${port}`;
}

/** What the options register, or what the file remembers. */
function fill(environment: Environment, options: DevServerOptions, state: State | undefined): void {
  if (state) {
    environment.restore(state.environment);
    if (options.issuerPhase !== undefined) environment.issuerPhase = options.issuerPhase;
    return;
  }
  const organizations = options.organizations ?? (options.users ? [] : TEST_ORGANIZATIONS);
  for (const organization of organizations) environment.addOrganization(organization);
  for (const user of options.users ?? TEST_USERS) environment.addUser(user);
  for (const server of options.servers ?? []) environment.addServer(server);
  for (const client of options.clients ?? []) environment.addClient(client);
}

interface Ingredients {
  readonly library: ProtocolLibrary;
  readonly environment: Environment;
  readonly identifiers: Identifiers;
  readonly options: DevServerOptions;
  readonly state: State | undefined;
}

function createContext({ library, environment, identifiers, options, state }: Ingredients): Context {
  const { approve = "page" } = options;
  const store = new Store(() => new library.errors.InvalidGrant("it was used before"));
  if (state) store.restore(state.store);
  const keys = new SigningKeys(identifiers, state?.keys);
  const context: Context = {
    library,
    environment,
    keys,
    store,
    log: new RequestLog(),
    faults: { clockOffset: 0, token: undefined, management: undefined },
    customLogins: new CustomLogins(environment),
    secret: state?.secret ?? randomBytes(24).toString("base64url"),
    approve: approve === "auto" ? () => ({}) : approve,
    proxied: options.publicUrl !== undefined,
    clock: options.clock ?? (() => new Date()),
    loopbackClientMetadata: options.loopbackClientMetadata ?? false,
    clientMetadata: options.clientMetadata ?? {},
    notes: new WeakMap(),
    authorizationServer: authorizationServers(() => context),
  };
  return context;
}

/** Builds authorization servers when they are first needed, and anew after what they are built from changed. */
function authorizationServers(context: () => Context): Context["authorizationServer"] {
  const built = new Map<string, Promise<Provider>>();
  let watching = false;
  return (server: McpServer | undefined) => {
    const { environment, keys } = context();
    if (!watching) {
      environment.onChange((change) => change === "protocol" && built.clear());
      keys.onChange(() => built.clear());
      watching = true;
    }
    const id = server?.id ?? "";
    const existing = built.get(id);
    if (existing) return existing;
    const created = keys.current().then((key) => createAuthorizationServer(context(), server, key));
    built.set(id, created);
    return created;
  };
}

function devServer(context: Context, listener: Listener, file: string | undefined): DevServer {
  const { environment, log, store } = context;
  const kept = file === undefined ? undefined : new StateFile({ ...context, file, port: listener.port });
  return {
    ...createOperations(context),
    url: environment.url,
    env: apiVariables(environment),
    get servers() {
      return [...environment.servers.values()].map((server) => registered(environment, server));
    },
    get users() {
      return [...environment.users.values()];
    },
    get organizations() {
      return [...environment.organizations.values()];
    },
    get consents() {
      return store.consents();
    },
    requests: log.entries,
    onRequest: (listen) => log.subscribe(listen),
    close: async () => {
      await listener.close();
      await kept?.flush();
    },
  };
}

const API_CLIENT = "skc_10000000000000000001";

/** The client that calls the environment's API; there is one in every environment. */
function apiVariables(environment: Environment): DevServer["env"] {
  const existing = environment.clients.get(API_CLIENT)?.metadata.client_secret;
  const secret = existing ?? newSecret();
  if (existing === undefined) environment.addClient({ id: API_CLIENT, name: "Environment API", secret });
  return {
    SCALEKIT_ENVIRONMENT_URL: environment.url,
    SCALEKIT_CLIENT_ID: API_CLIENT,
    SCALEKIT_CLIENT_SECRET: secret,
  };
}

function banner(url: string): string {
  return `
  ┌──────────────────────────────────────────────────────────────────┐
  │  DEVELOPMENT AUTHORIZATION SERVER: anyone can log in as anyone   │
  └──────────────────────────────────────────────────────────────────┘
  ${url}

`;
}
