import type { Context } from "../context.js";
import type { McpServer } from "../environment.js";
import { resourceMetadata } from "../metadata.js";
import type { DevMcpServer } from "../options.js";
import { ApiError, type Message, type Methods, message, notFound, number, page, text, texts } from "./api.js";
import { scopeMessage } from "./scopes.js";

const SERVICE = "scalekit.v1.clients.ClientService";

/** MCP servers, which the API calls resources. */
export const resourceMethods: Methods = {
  [`${SERVICE}/CreateResource`]: (context, input) => {
    const resource = input.resource as Message | undefined;
    const name = text(resource, "name");
    if (name === undefined) throw new ApiError("invalid_argument", "name is required");
    const server = attempt(() => context.environment.addServer({ name, dcr: true, ...settings(resource) }));
    return { resource: resourceMessage(context, server) };
  },
  [`${SERVICE}/GetResource`]: (context, input) => ({
    resource: resourceMessage(context, find(context, input)),
  }),
  [`${SERVICE}/ListResources`]: (context, input) => {
    const { items, paging } = page([...context.environment.servers.values()], input);
    return { ...paging, resources: items.map((server) => resourceMessage(context, server)) };
  },
  [`${SERVICE}/UpdateResource`]: (context, input) => {
    const before = find(context, input);
    const changes = settings(input.resource as Message | undefined);
    const server = attempt(() => context.environment.addServer({ ...before, ...changes, id: before.id }));
    return { resource: resourceMessage(context, server) };
  },
  [`${SERVICE}/DeleteResource`]: (context, input) => {
    context.environment.removeServer(find(context, input).id);
    return {};
  },
  [`${SERVICE}/DeleteResourceProvider`]: (context, input) => {
    const { customLogin: _gone, ...kept } = find(context, input);
    context.environment.addServer(kept);
    return {};
  },
};

function find({ environment }: Context, input: Message): McpServer {
  const id = text(input, "resource_id") ?? "";
  const server = environment.servers.get(id);
  if (!server) throw notFound("resource", id);
  return server;
}

/** What a request sets; what it leaves out stays as it is. */
function settings(resource: Message | undefined): Partial<DevMcpServer> {
  const url = text(resource, "resource_uri");
  const name = text(resource, "name");
  const scopes = texts(resource, "scopes");
  const access = number(resource, "access_token_expiry");
  const refresh = number(resource, "refresh_token_expiry");
  const noDcr = resource?.disable_dynamic_client_registration;
  const login = text(resource?.custom_connection_settings, "authorize_uri");
  return {
    ...(name === undefined ? {} : { name }),
    ...(url === undefined ? {} : { url }),
    ...(scopes.length === 0 ? {} : { scopes }),
    ...(access === undefined ? {} : { accessTokenLifetime: access }),
    ...(refresh === undefined ? {} : { refreshTokenLifetime: refresh }),
    ...(typeof noDcr === "boolean" ? { dcr: !noDcr } : {}),
    ...(typeof resource?.enable_cimd === "boolean" ? { cimd: resource.enable_cimd } : {}),
    ...(typeof resource?.intersect_scopes_user_permission === "boolean"
      ? { intersectScopesUserPermission: resource.intersect_scopes_user_permission }
      : {}),
    ...(login === undefined ? {} : { customLogin: { url: login } }),
  };
}

function resourceMessage({ environment }: Context, server: McpServer): Message {
  const { customLogin } = server;
  return message({
    id: server.id,
    resource_id: server.url ?? server.id,
    name: server.name,
    resource_uri: server.url,
    resource_type: "MCP_SERVER",
    disable_dynamic_client_registration: !server.dcr,
    enable_cimd: server.cimd,
    intersect_scopes_user_permission: server.intersectScopesUserPermission,
    access_token_expiry: String(server.accessTokenLifetime),
    refresh_token_expiry: String(server.refreshTokenLifetime),
    scopes: server.scopes.map(scopeMessage),
    protected_metadata: resourceMetadata(environment, server),
    ...(customLogin
      ? {
          connection_details: {
            id: customLogin.connectionId,
            type: "CUSTOM",
            enabled: true,
            settings: { authorize_uri: customLogin.url },
          },
        }
      : {}),
  });
}

/** Says as a refusal of the API what is wrong with a value. */
export function attempt<T>(change: () => T): T {
  try {
    return change();
  } catch (error) {
    if (error instanceof TypeError) throw new ApiError("invalid_argument", error.message);
    throw error;
  }
}
