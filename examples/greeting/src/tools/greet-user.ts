import { identityOf } from "@mcp-authz/core";
import * as z from "zod";
import type { Tool } from "./tool.js";

export const greetUser: Tool = {
  name: "greet_user",
  rule: "usr:read",
  register(server, caller) {
    const { subject } = identityOf(caller);
    server.registerTool(
      greetUser.name,
      {
        title: "Greet a user",
        description: "Says hello to somebody, by name.",
        inputSchema: z.object({ name: z.string().trim().min(1).max(100).describe("Whom to greet") }),
        outputSchema: z.object({ greeting: z.string(), greeted_by: z.string() }),
        annotations: { title: "Greet a user", readOnlyHint: true, openWorldHint: false },
      },
      ({ name }) => {
        const structuredContent = { greeting: `Hi ${name}`, greeted_by: subject };
        return { content: [{ type: "text", text: structuredContent.greeting }], structuredContent };
      },
    );
  },
};
