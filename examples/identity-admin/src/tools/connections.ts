import { create } from "@bufbuild/protobuf";
import {
  ConnectionProvider,
  ConnectionType,
  CreateConnectionSchema,
} from "@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/connections/connections_pb.js";
import * as z from "zod";
import type { Management } from "../management/management.js";
import { sliced } from "../pagination.js";
import { connectionId, organizationId } from "./arguments.js";
import { listTool } from "./list.js";
import { retrySafe, type Tool, tool } from "./tool.js";

const providers = ["OKTA", "GOOGLE", "MICROSOFT_AD", "AUTH0", "ONELOGIN", "PING_IDENTITY", "CUSTOM"] as const;

const connection = z.object({
  id: z.string(),
  organization_id: z.string(),
  type: z.string(),
  provider: z.string(),
  enabled: z.boolean(),
});

async function ofOrganization(management: Management, id: string): Promise<z.output<typeof connection>[]> {
  const { connections } = await management.sdk((sdk) => sdk.connection.listConnections(id));
  return connections.map(({ id, organizationId, type, provider, enabled }) => ({
    id,
    organization_id: organizationId,
    type: ConnectionType[type],
    provider: ConnectionProvider[provider],
    enabled,
  }));
}

const restAnswer = z.object({
  connections: z.array(connection.extend({ enabled: z.boolean().default(false) })).default([]),
});

const one = z.object({ organization_id: organizationId, connection_id: connectionId });

export const connectionTools: readonly Tool[] = [
  listTool({
    name: "list_environment_connections",
    title: "List all connections",
    description: "The identity providers of all organizations.",
    needs: "env:read",
    filter: {},
    item: connection,
    fetch: (management) =>
      sliced(
        async () => (await management.rest(restAnswer, { method: "GET", path: "connections" })).connections,
        ({ id }) => id,
      ),
  }),
  listTool({
    name: "list_organization_connections",
    title: "List an organization's connections",
    description: "The identity providers of one organization.",
    needs: "org:read",
    filter: { organization_id: organizationId },
    item: connection,
    fetch: (management, filter) =>
      sliced(
        () => ofOrganization(management, filter.organization_id),
        ({ id }) => id,
      ),
  }),
  tool({
    name: "create_organization_connection",
    title: "Create a connection",
    description: "An identity provider for an organization. It is off until it is enabled.",
    needs: "org:write",
    effect: "creates",
    input: z.object({
      organization_id: organizationId,
      type: z.enum(["OIDC", "SAML"]),
      provider: z.enum(providers).default("CUSTOM"),
      ...retrySafe,
    }),
    output: z.object({ connection }),
    run: async ({ organization_id: id, type, provider }, { management }) => {
      const asked = create(CreateConnectionSchema, {
        type: ConnectionType[type],
        provider: ConnectionProvider[provider],
      });
      const made = await management.sdk((sdk) => sdk.connection.createConnection(id, asked));
      const { id: connectionId = "", enabled = false } = made.connection ?? {};
      return { connection: { id: connectionId, organization_id: id, type, provider, enabled } };
    },
  }),
  tool({
    name: "enable_organization_connection",
    title: "Enable a connection",
    description: "Members of the organization can log in with it.",
    needs: "org:write",
    effect: "adds",
    input: one,
    output: z.object({ enabled: z.boolean() }),
    run: async (input, { management }) => {
      const { enabled } = await management.sdk((sdk) =>
        sdk.connection.enableConnection(input.organization_id, input.connection_id),
      );
      return { enabled };
    },
  }),
  tool({
    name: "disable_organization_connection",
    title: "Disable a connection",
    description: "Members of the organization can no longer log in with it.",
    needs: "org:write",
    effect: "changes",
    input: one,
    output: z.object({ enabled: z.boolean() }),
    run: async (input, { management }) => {
      const { enabled } = await management.sdk((sdk) =>
        sdk.connection.disableConnection(input.organization_id, input.connection_id),
      );
      return { enabled };
    },
  }),
  tool({
    name: "delete_organization_connection",
    title: "Delete a connection",
    description: "Takes an identity provider away, for good.",
    needs: "org:write",
    effect: "removes",
    input: one,
    output: z.object({ deleted: z.string() }),
    run: async (input, { management }) => {
      await management.sdk((sdk) =>
        sdk.connection.deleteConnection(input.organization_id, input.connection_id),
      );
      return { deleted: input.connection_id };
    },
  }),
];
