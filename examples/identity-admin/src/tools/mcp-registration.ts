import * as z from "zod";
import type { Management } from "../management/management.js";
import {
  createMcpServer,
  deleteMcpServer,
  findMcpServer,
  getMcpServer,
  mcpServerSchema,
  updateMcpServer,
} from "../management/mcp-servers.js";
import { createScope, deleteScope, listScopes } from "../management/scopes.js";
import { runOperation, type Step } from "../operation.js";
import { ToolError } from "../tool-error.js";
import { displayName, scopeName, serverId, url } from "./arguments.js";
import { retrySafe, type Tool, type ToolContext, tool } from "./tool.js";

const scope = z.object({ name: scopeName, description: z.string().max(500).default("") });
type Scope = z.output<typeof scope>;
const settings = {
  access_token_lifetime: z.int().min(60).max(86_400).optional().describe("Seconds"),
  dynamic_registration: z.boolean().optional().describe("Whether clients may register themselves"),
};

/** Makes those scopes that the environment does not have yet; they go again when a later step fails. */
async function ensureScopes(management: Management, step: Step, scopes: readonly Scope[]): Promise<void> {
  const known = await step("Look which scopes there are", () => listScopes(management));
  const missing = scopes.filter(({ name }) => !known.some((one) => one.name === name));
  for (const one of missing)
    await step(
      `Create the scope ${one.name}`,
      () => createScope(management, one),
      () => deleteScope(management, one.name),
    );
}

const registered = z.object({
  server: mcpServerSchema,
  metadata: z.record(z.string(), z.unknown()).describe("Protected resource metadata to publish (RFC 9728)"),
  env: z.record(z.string(), z.string()).describe("The variables to start the MCP server with"),
});

const registration = z.object({
  name: displayName,
  url: url.describe("The public URL of the MCP endpoint"),
  scopes: z.array(scope).min(1).max(50),
  ...settings,
  ...retrySafe,
});

/** Registers a server, or leaves the environment as it was. */
function register(
  { management, ...progress }: ToolContext,
  { scopes, idempotency_key: _key, ...server }: z.output<typeof registration>,
): Promise<z.output<typeof registered>> {
  return runOperation({ ...progress, total: scopes.length + 5 }, async (step) => {
    await step("Look whether the URL is free", async () => {
      if (await findMcpServer(management, server.url))
        throw new ToolError("Another MCP server has this URL.");
    });
    await ensureScopes(management, step, scopes);
    const { id } = await step(
      "Register the server",
      () => createMcpServer(management, server),
      async (done) => {
        const made = done ?? (await findMcpServer(management, server.url));
        if (made) await deleteMcpServer(management, made.id);
      },
    );
    const names = scopes.map(({ name }) => name);
    await step("Set its scopes", () => updateMcpServer(management, id, { scopes: names }));
    const found = await step("Fetch its metadata", () => getMcpServer(management, id));
    const env = { SCALEKIT_ENVIRONMENT_URL: management.environmentUrl, SCALEKIT_RESOURCE_ID: id };
    return { ...found, env };
  });
}

export const mcpRegistrationTools: readonly Tool[] = [
  tool({
    name: "register_mcp_server",
    title: "Register an MCP server",
    description:
      "Creates the scopes that are missing, registers the server, sets its scopes, and returns what its code needs: all of it, or nothing.",
    needs: "env:write",
    effect: "creates",
    input: registration,
    output: registered,
    run: (input, context) => context.exclusive.run(input.url, () => register(context, input)),
  }),
  tool({
    name: "update_mcp_server",
    title: "Update an MCP server",
    description: "Changes what you name and keeps the rest. Scopes that do not exist yet are created.",
    needs: "env:write",
    effect: "changes",
    input: z.object({
      server_id: serverId,
      name: displayName.optional(),
      url: url.optional(),
      scopes: z.array(scope).min(1).max(50).optional().describe("All scopes that the server is to have"),
      ...settings,
    }),
    output: z.object({ server: mcpServerSchema }),
    run: ({ server_id: id, scopes, ...changes }, { management, ...progress }) =>
      runOperation({ ...progress, total: (scopes?.length ?? 0) + 2 }, async (step) => {
        if (scopes) await ensureScopes(management, step, scopes);
        const names = scopes?.map(({ name }) => name);
        const server = await step("Update the server", () =>
          updateMcpServer(management, id, { ...changes, scopes: names }),
        );
        return { server };
      }),
  }),
];
