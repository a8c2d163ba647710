import * as z from "zod";
import { email } from "./arguments.js";
import { listTool } from "./list.js";
import { retrySafe, type Tool, tool } from "./tool.js";

const member = z.object({
  id: z.string(),
  email: z.string(),
  role: z.string(),
  membership_status: z.string(),
});

export const workspaceTools: readonly Tool[] = [
  listTool({
    name: "list_workspace_members",
    title: "List workspace members",
    description: "Who administers the workspace, and who is invited to.",
    needs: "wks:read",
    filter: {},
    item: member,
    fetch: (management) => async (position, limit) => {
      const { members, next_page_token: next } = await management.rest(
        z.object({ members: z.array(member).default([]), next_page_token: z.string().optional() }),
        { method: "GET", path: "members", query: { page_size: limit, page_token: position } },
      );
      return { items: members, next };
    },
  }),
  tool({
    name: "invite_workspace_member",
    title: "Invite a workspace member",
    description: "Invites somebody to administer the workspace.",
    needs: "wks:write",
    effect: "creates",
    input: z.object({ email, role: z.enum(["ADMIN", "MEMBER"]).default("MEMBER"), ...retrySafe }),
    output: z.object({ member }),
    run: ({ email: invited, role }, { management }) =>
      management.rest(z.object({ member }), {
        method: "POST",
        path: "members",
        body: { email: invited, role },
      }),
  }),
  tool({
    name: "remove_workspace_member",
    title: "Remove a workspace member",
    description: "Takes an administrator or an invitation away.",
    needs: "wks:write",
    effect: "removes",
    input: z.object({
      member_id: z
        .string()
        .regex(/^mem_\w+$/)
        .describe("From list_workspace_members"),
    }),
    output: z.object({ deleted: z.string() }),
    run: async ({ member_id: deleted }, { management }) => {
      await management.rest(z.unknown(), { method: "DELETE", path: `members/${deleted}` });
      return { deleted };
    },
  }),
];
