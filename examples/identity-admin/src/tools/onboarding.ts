import * as z from "zod";
import type { Management } from "../management/management.js";
import { runOperation } from "../operation.js";
import { everything } from "../pagination.js";
import { ToolError } from "../tool-error.js";
import { displayName, email } from "./arguments.js";
import { organizationOf, organizationSchema } from "./organizations.js";
import { retrySafe, type Tool, tool } from "./tool.js";
import { createUser, removeUser, userSchema } from "./users.js";

/** Takes an organization back. Whose id is not known is found by the id that its maker gave it. */
async function remove(management: Management, id: string | undefined, externalId: string): Promise<void> {
  const found = id ?? (await findByExternalId(management, externalId));
  if (found !== undefined) await management.sdk((sdk) => sdk.organization.deleteOrganization(found));
}

async function findByExternalId(management: Management, externalId: string): Promise<string | undefined> {
  const pages = everything(async (position, pageSize) => {
    const options = { pageSize, ...(position === undefined ? {} : { pageToken: position }) };
    const page = await management.sdk((sdk) => sdk.organization.listOrganization(options));
    return { items: page.organizations, next: page.nextPageToken };
  });
  for await (const organization of pages) if (organization.externalId === externalId) return organization.id;
  return undefined;
}

export const onboardingTools: readonly Tool[] = [
  tool({
    name: "create_organization",
    title: "Create an organization",
    description: "A new tenant; with first_user_email also its first user, or neither of them.",
    needs: "org:write",
    effect: "creates",
    input: z.object({
      display_name: displayName,
      external_id: z
        .string()
        .min(1)
        .max(200)
        .optional()
        .describe("Your own id for it; made up when left out"),
      first_user_email: email.optional(),
      ...retrySafe,
    }),
    output: z.object({ organization: organizationSchema, first_user: userSchema.optional() }),
    run: (input, { management, ...progress }) => {
      const externalId = input.external_id ?? `mcp_${crypto.randomUUID()}`;
      const total = input.first_user_email === undefined ? 2 : 3;
      return runOperation({ ...progress, total }, async (step) => {
        await step("Look for the external id", async () => {
          if ((await findByExternalId(management, externalId)) !== undefined)
            throw new ToolError("There is an organization with this external_id.");
        });
        const organization = await step(
          "Create the organization",
          async () => {
            const made = await management.sdk((sdk) =>
              sdk.organization.createOrganization(input.display_name, { externalId }),
            );
            return organizationOf(made.organization);
          },
          (done) => remove(management, done?.id, externalId),
        );
        const { first_user_email: address } = input;
        if (address === undefined) return { organization };
        const user = await step(
          "Create its first user",
          () => createUser(management, organization.id, { email: address }),
          (done) => removeUser(management, organization.id, { id: done?.id, email: address }),
        );
        return { organization, first_user: user };
      });
    },
  }),
];
