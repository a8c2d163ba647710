import type { Organization } from "@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/organizations/organizations_pb.js";
import * as z from "zod";
import { ToolError } from "../tool-error.js";
import { displayName, organizationId } from "./arguments.js";
import { listTool } from "./list.js";
import { type Tool, tool } from "./tool.js";

const externalId = z.string().min(1).max(200);

export const organizationSchema = z.object({
  id: z.string(),
  display_name: z.string(),
  external_id: z.string().optional(),
});

export function organizationOf(organization: Organization | undefined): z.output<typeof organizationSchema> {
  if (!organization) throw new ToolError("The environment answered without an organization.");
  const { id, displayName: display_name, externalId: external_id } = organization;
  return { id, display_name, ...(external_id ? { external_id } : {}) };
}

export const organizationTools: readonly Tool[] = [
  listTool({
    name: "list_organizations",
    title: "List organizations",
    description: "The organizations of the environment: its tenants.",
    needs: "org:read",
    filter: {},
    item: organizationSchema,
    fetch: (management) => async (position, pageSize) => {
      const options = { pageSize, ...(position === undefined ? {} : { pageToken: position }) };
      const page = await management.sdk((sdk) => sdk.organization.listOrganization(options));
      return { items: page.organizations.map(organizationOf), next: page.nextPageToken };
    },
  }),
  tool({
    name: "get_organization_details",
    title: "Get an organization",
    description: "One organization, by its id or by your own id for it.",
    needs: "org:read",
    effect: "reads",
    input: z.object({ organization_id: organizationId.optional(), external_id: externalId.optional() }),
    output: z.object({ organization: organizationSchema }),
    run: async ({ organization_id: id, external_id: external }, { management }) => {
      if ((id === undefined) === (external === undefined))
        throw new ToolError("Give either organization_id or external_id.");
      const { organization } = await management.sdk(({ organization }) =>
        id === undefined
          ? organization.getOrganizationByExternalId(external ?? "")
          : organization.getOrganization(id),
      );
      return { organization: organizationOf(organization) };
    },
  }),
  tool({
    name: "update_organization",
    title: "Update an organization",
    description: "Changes what you name and keeps the rest.",
    needs: "org:write",
    effect: "changes",
    input: z.object({
      organization_id: organizationId,
      display_name: displayName.optional(),
      external_id: externalId.optional(),
    }),
    output: z.object({ organization: organizationSchema }),
    run: async ({ organization_id: id, display_name, external_id }, { management }) => {
      if (display_name === undefined && external_id === undefined)
        throw new ToolError("Nothing to change: give a display_name or an external_id.");
      const changes = {
        ...(display_name === undefined ? {} : { displayName: display_name }),
        ...(external_id === undefined ? {} : { externalId: external_id }),
      };
      const { organization } = await management.sdk((sdk) =>
        sdk.organization.updateOrganization(id, changes),
      );
      return { organization: organizationOf(organization) };
    },
  }),
  tool({
    name: "delete_organization",
    title: "Delete an organization",
    description: "Deletes a tenant with its connections, for good.",
    needs: "org:write",
    effect: "removes",
    input: z.object({ organization_id: organizationId }),
    output: z.object({ deleted: z.string() }),
    run: async ({ organization_id: deleted }, { management }) => {
      await management.sdk((sdk) => sdk.organization.deleteOrganization(deleted));
      return { deleted };
    },
  }),
];
