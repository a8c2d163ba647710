import type { Context } from "./context.js";
import type { Operations, RegisteredServer } from "./dev-server.js";
import type { Environment, McpServer } from "./environment.js";
import { resourceMetadata } from "./metadata.js";
import type { DevMcpServer } from "./options.js";

export function createOperations(context: Context): Operations {
  return { ...registration(context), ...breakage(context) };
}

type Breakage = Pick<
  Operations,
  | "rotateKeys"
  | "revokeKey"
  | "setKeyServer"
  | "setIssuerPhase"
  | "setClockOffset"
  | "setTokenFault"
  | "setManagementFault"
>;

function registration({ environment, store }: Context): Omit<Operations, keyof Breakage> {
  return {
    registerServer: (server) => registered(environment, environment.addServer(server)),
    updateServer: (id, changes) => {
      const before = environment.servers.get(id);
      if (!before) throw new TypeError(`There is no MCP server ${JSON.stringify(id)}`);
      const kept = Object.entries({ ...before, ...changes, id }).filter(([, value]) => value !== null);
      return registered(
        environment,
        environment.addServer(Object.fromEntries(kept) as unknown as DevMcpServer),
      );
    },
    removeServer: (id) => environment.removeServer(id),
    registerUser: (user) => environment.addUser(user),
    removeUser: (id) => environment.remove("users", id),
    registerOrganization: (organization) => environment.addOrganization(organization),
    removeOrganization: (id) => environment.remove("organizations", id),
    registerClient: (client) => {
      const { id } = environment.addClient(client);
      return { id, ...(client.secret === undefined ? {} : { secret: client.secret }) };
    },
    removeClient: (id) => environment.remove("clients", id),
    revokeConsent: (id) => store.revoke(id),
  };
}

function breakage({ environment, keys, faults }: Context): Breakage {
  return {
    rotateKeys: () => keys.rotate(),
    revokeKey: (kid) => keys.revoke(kid),
    setKeyServer: (mode) => {
      keys.mode = mode;
    },
    setIssuerPhase: (phase) => {
      environment.issuerPhase = phase;
    },
    setClockOffset: (seconds) => {
      faults.clockOffset = seconds;
    },
    setTokenFault: (fault) => {
      faults.token = fault;
    },
    setManagementFault: (fault) => {
      faults.management = fault;
    },
  };
}

export function registered(environment: Environment, server: McpServer): RegisteredServer {
  return {
    ...server,
    issuer: environment.resourceIssuer(server),
    metadata: resourceMetadata(environment, server),
    env: { SCALEKIT_ENVIRONMENT_URL: environment.url, SCALEKIT_RESOURCE_ID: server.id },
  };
}
