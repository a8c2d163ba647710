import type { Configuration, ResourceServer } from "oidc-provider";
import type { Context } from "./context.js";
import type { Environment, McpServer } from "./environment.js";

type ResourceIndicators = NonNullable<NonNullable<Configuration["features"]>["resourceIndicators"]>;

/**
 * Resource indicators (RFC 8707) of one authorization server: which MCP servers a client may name, and what
 * their tokens are like. `own` is the server that the authorization server belongs to, if to one.
 */
export function resourceIndicators(context: Context, own: McpServer | undefined): ResourceIndicators {
  const { environment } = context;
  return {
    enabled: true,
    defaultResource: (_ctx, client, oneOf) => oneOf ?? defaultResource(environment, own, client?.clientId),
    useGrantedResource: () => true,
    getResourceServerInfo: (_ctx, indicator, client) =>
      resourceServer(context, own, indicator, client.clientId),
  };
}

/** Without `resource`, a client of one MCP server means that server; others mean the environment. */
function defaultResource(
  environment: Environment,
  own: McpServer | undefined,
  clientId: string | undefined,
): string {
  const owner = environment.clients.get(clientId ?? "")?.serverId;
  const meant = own ?? (owner === undefined ? undefined : environment.servers.get(owner));
  return meant ? environment.resourceIndicator(meant) : environment.url;
}

const JWT = { accessTokenFormat: "jwt", jwt: { sign: { alg: "RS256" } } } as const;

/** @throws `invalid_target` when the client may not name this resource here */
export function resourceServer(
  { environment, library }: Context,
  own: McpServer | undefined,
  indicator: string,
  clientId: string,
): ResourceServer {
  const client = environment.clients.get(clientId);
  if (!own && indicator === environment.url) {
    return { scope: (client?.scopes ?? []).join(" "), audience: clientId, ...JWT };
  }
  const target = environment.findServer(indicator);
  const foreign = target && own && target.id !== own.id;
  const forbidden = target && client?.serverId !== undefined && client.serverId !== target.id;
  if (!target || foreign || forbidden) {
    throw new library.errors.InvalidTarget(
      "resource indicator is not an MCP server that this client may use",
    );
  }
  return {
    scope: scopesFor(target, client?.scopes).join(" "),
    audience: target.id,
    accessTokenTTL: target.accessTokenLifetime,
    ...(target.accessTokenFormat === "jwt" ? JWT : { accessTokenFormat: "opaque" as const }),
  };
}

/** The server's scopes, without those that the client is not allowed. */
export function scopesFor(server: McpServer, allowed: readonly string[] | undefined): readonly string[] {
  const all = server.scopes.map((scope) => scope.name);
  return allowed ? all.filter((scope) => allowed.includes(scope)) : all;
}
