import type { M2MClient } from "@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/clients/clients_pb.js";
import * as z from "zod";
import { ToolError } from "../tool-error.js";
import { clientId, displayName, organizationId, scopeName } from "./arguments.js";
import { listTool } from "./list.js";
import { retrySafe, type Tool, tool } from "./tool.js";

const machineClient = z.object({ client_id: z.string(), name: z.string(), scopes: z.array(z.string()) });
const withSecret = z.object({
  client: machineClient,
  secret: z.string().describe("Shown this once: hand it over, and keep it nowhere else"),
});

function clientOf(client: M2MClient | undefined): z.output<typeof machineClient> {
  if (!client) throw new ToolError("The environment answered without a client.");
  return { client_id: client.clientId, name: client.name, scopes: client.scopes };
}

export const machineClientTools: readonly Tool[] = [
  listTool({
    name: "list_organization_clients",
    title: "List an organization's machine clients",
    description: "Programs that act for the organization with client credentials.",
    needs: "org:read",
    filter: { organization_id: organizationId },
    item: machineClient,
    fetch:
      (management, { organization_id: id }) =>
      async (position, pageSize) => {
        const options = { pageSize, ...(position === undefined ? {} : { pageToken: position }) };
        const page = await management.sdk((sdk) => sdk.m2m.listOrganizationClients(id, options));
        return { items: page.clients.map(clientOf), next: page.nextPageToken };
      },
  }),
  tool({
    name: "create_organization_client",
    title: "Create a machine client",
    description: "A program that acts for the organization. Returns its secret, which nobody can read again.",
    needs: "org:write",
    effect: "creates",
    input: z.object({
      organization_id: organizationId,
      name: displayName,
      scopes: z.array(scopeName).max(50).default([]),
      ...retrySafe,
    }),
    output: withSecret,
    run: async ({ organization_id: id, name, scopes }, { management }) => {
      const made = await management.sdk((sdk) => sdk.m2m.createOrganizationClient(id, { name, scopes }));
      return { client: clientOf(made.client), secret: made.plainSecret };
    },
  }),
  tool({
    name: "delete_organization_client",
    title: "Delete a machine client",
    description: "The program gets no more tokens; those that it has live until they expire.",
    needs: "org:write",
    effect: "removes",
    input: z.object({ organization_id: organizationId, client_id: clientId }),
    output: z.object({ deleted: z.string() }),
    run: async ({ organization_id: id, client_id: deleted }, { management }) => {
      await management.sdk((sdk) => sdk.m2m.deleteOrganizationClient(id, deleted));
      return { deleted };
    },
  }),
];
