import type { Connection } from "../administration.js";
import type { Context } from "../context.js";
import { ApiError, type Message, type Methods, message, notFound, text } from "./api.js";

const SERVICE = "scalekit.v1.connections.ConnectionService";

/** Identity providers of organizations. */
export const connectionMethods: Methods = {
  [`${SERVICE}/CreateConnection`]: (context, input) => {
    const organizationId = organization(context, input);
    const type = text(input.connection, "type") ?? "INVALID";
    if (type !== "OIDC" && type !== "SAML")
      throw new ApiError("invalid_argument", "type must be OIDC or SAML");
    const connection = context.environment.put("connections", {
      id: context.environment.identifiers("conn"),
      organizationId,
      type,
      provider: text(input.connection, "provider") ?? "CUSTOM",
      enabled: false,
    });
    return { connection: connectionMessage(connection) };
  },
  [`${SERVICE}/GetConnection`]: (context, input) => ({
    connection: connectionMessage(find(context, input)),
  }),
  [`${SERVICE}/ListConnections`]: (context, input) => {
    const { environment } = context;
    const id = text(input, "organization_id");
    if (id !== undefined) organization(context, input);
    const connections = [...environment.connections.values()].filter(
      ({ organizationId }) => id === undefined || organizationId === id,
    );
    return {
      connections: connections.map((connection) => ({
        ...connectionMessage(connection),
        organization_name: environment.organizations.get(connection.organizationId)?.name ?? "",
      })),
    };
  },
  [`${SERVICE}/EnableConnection`]: (context, input) => toggle(context, input, true),
  [`${SERVICE}/DisableConnection`]: (context, input) => toggle(context, input, false),
  [`${SERVICE}/DeleteConnection`]: (context, input) => {
    context.environment.remove("connections", find(context, input).id);
    return {};
  },
};

function toggle(context: Context, input: Message, enabled: boolean): Message {
  context.environment.put("connections", { ...find(context, input), enabled });
  return { enabled };
}

function organization({ environment }: Context, input: Message): string {
  const id = text(input, "organization_id") ?? "";
  if (!environment.organizations.has(id)) throw notFound("organization", id);
  return id;
}

function find(context: Context, input: Message): Connection {
  const connection = context.environment.connections.get(text(input, "id") ?? "");
  if (!connection || connection.organizationId !== organization(context, input))
    throw notFound("connection", input.id);
  return connection;
}

function connectionMessage({ id, organizationId, type, provider, enabled }: Connection): Message {
  return message({
    id,
    organization_id: organizationId,
    type,
    provider,
    enabled,
    status: enabled ? "COMPLETED" : "IN_PROGRESS",
  });
}
