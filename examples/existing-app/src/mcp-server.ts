import type { AuthInfo } from "@mcp-authz/core";
import { assertGuarded } from "@mcp-authz/core";
import type { McpHttpHandler } from "@modelcontextprotocol/server";
import { createMcpHandler, McpServer } from "@modelcontextprotocol/server";
import * as z from "zod";
import type { Notes } from "./notes.js";

const note = z.object({ id: z.string(), text: z.string() });

/** The same notes, for an AI host. Whoever is logged in to the web pages finds here what they wrote there. */
export function createNotesHandler(notes: Notes): McpHttpHandler {
  return createMcpHandler(({ authInfo }) => {
    const subject = subjectOf(authInfo);
    const server = new McpServer({ name: "notes", version: "1.0.0" });
    server.registerTool(
      "list_notes",
      {
        description: "Your notes, oldest first.",
        outputSchema: z.object({ notes: z.array(note) }),
        annotations: { title: "List notes", readOnlyHint: true, openWorldHint: false },
      },
      () => resultOf({ notes: [...notes.of(subject)] }),
    );
    server.registerTool(
      "add_note",
      {
        description: "Writes a note down.",
        inputSchema: z.object({ text: z.string().min(1).max(2000) }),
        outputSchema: z.object({ note }),
        annotations: {
          title: "Add a note",
          readOnlyHint: false,
          destructiveHint: false,
          openWorldHint: false,
        },
      },
      ({ text }) => resultOf({ note: notes.add(subject, text) }),
    );
    return server;
  });
}

function subjectOf(auth: AuthInfo | undefined): string {
  assertGuarded(auth);
  return String(auth.extra?.subject);
}

function resultOf(structuredContent: Record<string, unknown>) {
  return { content: [{ type: "text" as const, text: JSON.stringify(structuredContent) }], structuredContent };
}
