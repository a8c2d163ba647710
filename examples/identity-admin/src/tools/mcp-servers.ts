import * as z from "zod";
import { deleteMcpServer, getMcpServer, listMcpServers, mcpServerSchema } from "../management/mcp-servers.js";
import { sliced } from "../pagination.js";
import { clientId, serverId } from "./arguments.js";
import { listTool } from "./list.js";
import { type Tool, tool } from "./tool.js";

const client = z.object({
  client_id: z.string(),
  name: z.string(),
  redirect_uris: z.array(z.string()),
  dynamic: z.boolean().describe("Registered itself (RFC 7591)"),
});
const clients = z.object({
  clients: z
    .array(
      z.object({
        client_id: z.string(),
        name: z.string().default(""),
        redirect_uris: z.array(z.string()).default([]),
        is_dcr: z.boolean().default(false),
      }),
    )
    .default([]),
});

export const mcpServerTools: readonly Tool[] = [
  listTool({
    name: "list_mcp_servers",
    title: "List MCP servers",
    description: "The MCP servers that the environment issues tokens for.",
    needs: "env:read",
    filter: {},
    item: mcpServerSchema,
    fetch: (management) => (position, limit) => listMcpServers(management, position, limit),
  }),
  tool({
    name: "get_mcp_server",
    title: "Get an MCP server",
    description: "One MCP server, with the metadata that it has to publish.",
    needs: "env:read",
    effect: "reads",
    input: z.object({ server_id: serverId }),
    output: z.object({ server: mcpServerSchema, metadata: z.record(z.string(), z.unknown()) }),
    run: ({ server_id: id }, { management }) => getMcpServer(management, id),
  }),
  tool({
    name: "delete_mcp_server",
    title: "Delete an MCP server",
    description: "The environment issues no more tokens for it, and forgets its clients.",
    needs: "env:write",
    effect: "removes",
    input: z.object({ server_id: serverId }),
    output: z.object({ deleted: z.string() }),
    run: async ({ server_id: deleted }, { management }) => {
      await deleteMcpServer(management, deleted);
      return { deleted };
    },
  }),
  tool({
    name: "switch_mcp_auth_to_scalekit",
    title: "Switch to the environment's login",
    description: "Takes the MCP server's own login page away: people log in with the environment instead.",
    needs: "env:write",
    effect: "changes",
    input: z.object({ server_id: serverId }),
    output: z.object({ server: mcpServerSchema }),
    run: async ({ server_id: id }, { management }) => {
      await management.rest(z.unknown(), { method: "PUT", path: `resources/${id}/provider:delete` });
      const { server } = await getMcpServer(management, id);
      return { server };
    },
  }),
  listTool({
    name: "list_mcp_server_clients",
    title: "List an MCP server's clients",
    description: "The clients that registered for one MCP server.",
    needs: "env:read",
    filter: { server_id: serverId },
    item: client,
    fetch: (management, { server_id: id }) =>
      sliced(
        async () => {
          const path = `resources/${id}/clients`;
          const found = await management.rest(clients, { method: "GET", path });
          return found.clients.map(({ is_dcr: dynamic, ...rest }) => ({ ...rest, dynamic }));
        },
        ({ client_id }) => client_id,
      ),
  }),
  tool({
    name: "remove_mcp_server_client",
    title: "Remove a client of an MCP server",
    description: "The client gets no more tokens; those that it has live until they expire.",
    needs: "env:write",
    effect: "removes",
    input: z.object({ server_id: serverId, client_id: clientId.describe("From list_mcp_server_clients") }),
    output: z.object({ deleted: z.string() }),
    run: async ({ server_id: id, client_id: deleted }, { management }) => {
      const path = `resources/${id}/clients/${encodeURIComponent(deleted)}`;
      await management.rest(z.unknown(), { method: "DELETE", path });
      return { deleted };
    },
  }),
];
