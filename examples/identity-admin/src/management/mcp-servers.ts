import * as z from "zod";
import { everything, type Page } from "../pagination.js";
import type { Management } from "./management.js";

/** An MCP server of the environment. The API calls it a resource, and leaves out what is empty or false. */
export const mcpServerSchema = z.object({
  id: z.string(),
  name: z.string(),
  url: z.string().optional(),
  scopes: z.array(z.string()),
  dynamic_registration: z.boolean(),
  client_id_metadata: z.boolean(),
  access_token_lifetime: z.int().describe("Seconds"),
  custom_login: z.string().optional().describe("The server's own login page, where it has one"),
});
export type McpServer = z.output<typeof mcpServerSchema>;

export interface McpServerChanges {
  readonly name?: string | undefined;
  readonly url?: string | undefined;
  readonly scopes?: readonly string[] | undefined;
  readonly dynamic_registration?: boolean | undefined;
  readonly client_id_metadata?: boolean | undefined;
  readonly access_token_lifetime?: number | undefined;
}

const resource = z.object({
  id: z.string(),
  name: z.string(),
  resource_uri: z.string().optional(),
  scopes: z.array(z.object({ name: z.string() })).default([]),
  disable_dynamic_client_registration: z.boolean().default(false),
  enable_cimd: z.boolean().default(false),
  access_token_expiry: z.coerce.number().int().default(0),
  protected_metadata: z.record(z.string(), z.unknown()).optional(),
  connection_details: z
    .object({ settings: z.object({ authorize_uri: z.string().optional() }).optional() })
    .optional(),
});
const answer = z.object({ resource });

function serverOf(from: z.output<typeof resource>): McpServer {
  const login = from.connection_details?.settings?.authorize_uri;
  return {
    id: from.id,
    name: from.name,
    ...(from.resource_uri ? { url: from.resource_uri } : {}),
    scopes: from.scopes.map(({ name }) => name),
    dynamic_registration: !from.disable_dynamic_client_registration,
    client_id_metadata: from.enable_cimd,
    access_token_lifetime: from.access_token_expiry,
    ...(login ? { custom_login: login } : {}),
  };
}

function resourceOf(changes: McpServerChanges): Record<string, unknown> {
  const { name, url, scopes, dynamic_registration: dynamic, client_id_metadata: documents } = changes;
  return {
    name,
    resource_uri: url,
    scopes,
    disable_dynamic_client_registration: dynamic === undefined ? undefined : !dynamic,
    enable_cimd: documents,
    access_token_expiry: changes.access_token_lifetime,
  };
}

export async function listMcpServers(
  management: Management,
  position: string | undefined,
  limit: number,
): Promise<Page<McpServer>> {
  const page = await management.rest(
    z.object({ resources: z.array(resource).default([]), next_page_token: z.string().optional() }),
    { method: "GET", path: "resources", query: { page_size: limit, page_token: position } },
  );
  return { items: page.resources.map(serverOf), next: page.next_page_token };
}

export async function findMcpServer(management: Management, url: string): Promise<McpServer | undefined> {
  const all = everything<McpServer>((position, limit) => listMcpServers(management, position, limit));
  for await (const server of all) if (server.url === url) return server;
  return undefined;
}

/** With the metadata that the server has to publish (RFC 9728). */
export async function getMcpServer(
  management: Management,
  id: string,
): Promise<{ server: McpServer; metadata: Record<string, unknown> }> {
  const { resource: found } = await management.rest(answer, { method: "GET", path: `resources/${id}` });
  return { server: serverOf(found), metadata: found.protected_metadata ?? {} };
}

export async function createMcpServer(
  management: Management,
  settings: McpServerChanges,
): Promise<McpServer> {
  const body = { resource_type: "MCP_SERVER", ...resourceOf(settings) };
  return serverOf((await management.rest(answer, { method: "POST", path: "resources", body })).resource);
}

export async function updateMcpServer(
  management: Management,
  id: string,
  changes: McpServerChanges,
): Promise<McpServer> {
  const call = { method: "PATCH", path: `resources/${id}`, body: resourceOf(changes) } as const;
  return serverOf((await management.rest(answer, call)).resource);
}

export async function deleteMcpServer(management: Management, id: string): Promise<void> {
  await management.rest(z.unknown(), { method: "DELETE", path: `resources/${id}` });
}
