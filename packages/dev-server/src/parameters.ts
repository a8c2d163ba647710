import type { IncomingMessage } from "node:http";
import type { Environment, McpServer } from "./environment.js";
import { scopesFor } from "./resource-servers.js";

/**
 * The query of an authorization request, with what Scalekit supplies where the client is silent:
 *
 * - no `scope`: every scope of the MCP server (RFC 6749 section 3.3);
 * - `offline_access` without `prompt=consent`: OpenID Connect wants the prompt, MCP clients do not all send it;
 * - nothing that could be granted at all: `openid`, so that a server without scopes can be logged in to.
 */
export function authorizationTarget(
  environment: Environment,
  server: McpServer | undefined,
  query: string,
): string {
  const params = new URLSearchParams(query);
  canonicalResource(environment, params);
  const target = server ?? findResource(environment, params);
  if (!params.get("scope")) {
    const all = target?.scopes.map((scope) => scope.name) ?? [];
    params.set("scope", all.length > 0 ? all.join(" ") : "openid");
  }
  const scopes = (params.get("scope") ?? "").split(" ");
  if (scopes.includes("offline_access") && !params.has("prompt")) params.set("prompt", "consent");
  return `?${params}`;
}

/** The form of a token request, likewise: client credentials without `scope` get every scope of the client. */
export function tokenForm(
  environment: Environment,
  server: McpServer | undefined,
  request: IncomingMessage,
  body: Buffer,
): Buffer {
  const form = new URLSearchParams(body.toString("utf8"));
  canonicalResource(environment, form);
  if (form.get("grant_type") === "client_credentials" && !form.get("scope")) {
    const client = environment.clients.get(form.get("client_id") ?? basicUser(request) ?? "");
    const owner = client?.serverId === undefined ? undefined : environment.servers.get(client.serverId);
    const target = findResource(environment, form) ?? server ?? owner;
    const scopes = target ? scopesFor(target, client?.scopes) : (client?.scopes ?? []);
    if (scopes.length > 0) form.set("scope", scopes.join(" "));
  }
  return Buffer.from(form.toString());
}

/** `https://h` and `https://h/` are the same resource: both become what was registered. */
function canonicalResource(environment: Environment, params: URLSearchParams): void {
  const resources = params.getAll("resource");
  if (resources.length === 0) return;
  params.delete("resource");
  for (const resource of resources) {
    const server = environment.servers.has(resource) ? undefined : environment.findServer(resource);
    params.append("resource", server ? environment.resourceIndicator(server) : resource);
  }
}

function findResource(environment: Environment, params: URLSearchParams): McpServer | undefined {
  const resource = params.get("resource");
  return resource === null ? undefined : environment.findServer(resource);
}

function basicUser(request: IncomingMessage): string | undefined {
  const encoded = /^basic ([A-Za-z0-9+/=]+)$/i.exec(request.headers.authorization ?? "")?.[1];
  if (encoded === undefined) return undefined;
  const [user = ""] = Buffer.from(encoded, "base64").toString("utf8").split(":");
  try {
    return decodeURIComponent(user.replaceAll("+", "%20"));
  } catch {
    return undefined;
  }
}
