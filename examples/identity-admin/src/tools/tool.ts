import { type AuthInfo, type Principal, principalKey, principalOf, type Rule } from "@mcp-authz/core";
import type { CallToolResult, McpServer, ServerContext, ToolAnnotations } from "@modelcontextprotocol/server";
import * as z from "zod";
import { type Access, needing } from "../access.js";
import type { Report } from "../operation.js";
import { progressOf } from "../progress.js";
import type { Service } from "../service.js";
import { ToolError } from "../tool-error.js";

/** One tool: its name, who may call it, and how it comes onto the server of one caller. */
export interface Tool {
  readonly name: string;
  readonly rule: Rule;
  register(server: McpServer, service: Service, auth: AuthInfo): void;
}

/** What a tool works with. Not the caller's token: there is nothing that a tool could do with it. */
export interface ToolContext extends Pick<Service, "management" | "exclusive"> {
  readonly caller: Principal;
  readonly report: Report;
  readonly signal: AbortSignal;
}

export interface Definition<Input extends z.ZodObject, Output extends z.ZodObject> {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** Left out: any authenticated caller. */
  readonly needs?: Access;
  readonly effect: Effect;
  readonly input: Input;
  readonly output: Output;
  run(input: z.output<Input>, context: ToolContext): Promise<z.output<Output>>;
}

/** What calling a tool does, as hosts are told before they ask their user. */
export type Effect = "reads" | "creates" | "adds" | "changes" | "removes";

const annotations: Record<Effect, ToolAnnotations> = {
  reads: { readOnlyHint: true, destructiveHint: false, idempotentHint: true },
  creates: { readOnlyHint: false, destructiveHint: false, idempotentHint: false },
  adds: { readOnlyHint: false, destructiveHint: false, idempotentHint: true },
  changes: { readOnlyHint: false, destructiveHint: true, idempotentHint: true },
  removes: { readOnlyHint: false, destructiveHint: true, idempotentHint: true },
};

/** The argument with which a call can be repeated without doing its work twice. Every tool that creates something takes it. */
export const retrySafe = {
  idempotency_key: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe("Choose one for each thing to create, and send the same one when you try again"),
};

export function tool<Input extends z.ZodObject, Output extends z.ZodObject>(
  definition: Definition<Input, Output>,
): Tool {
  const { name, title, description, needs, effect } = definition;
  // Without their shapes, which say more than the SDK's types can take here; `answer` gets them back.
  const inputSchema: z.ZodObject = definition.input;
  const outputSchema: z.ZodObject = definition.output;
  return {
    name,
    rule: needs === undefined ? [] : needing(needs),
    register(server, service, auth) {
      server.registerTool(
        name,
        {
          title,
          description,
          inputSchema,
          outputSchema,
          annotations: { title, ...annotations[effect], openWorldHint: false },
        },
        (given: unknown, context: ServerContext) =>
          answer(service, auth, definition, given as z.output<Input>, context),
      );
    },
  };
}

/** What goes wrong is part of the result (`isError`), where the model can read it and try otherwise (MCP Tools, Error Handling). */
async function answer<Input extends z.ZodObject, Output extends z.ZodObject>(
  service: Service,
  auth: AuthInfo,
  { name, effect, run }: Definition<Input, Output>,
  input: z.output<Input>,
  { mcpReq }: ServerContext,
): Promise<CallToolResult> {
  const caller = principalOf(auth);
  const context: ToolContext = { ...service, caller, report: progressOf(mcpReq), signal: mcpReq.signal };
  const { idempotency_key: key } = input as { idempotency_key?: string | undefined };
  try {
    const structuredContent =
      key === undefined
        ? await run(input, context)
        : await service.idempotency.once([principalKey(auth), name, key], input, () => run(input, context));
    if (effect !== "reads") service.audit({ caller, tool: name, input, outcome: "done" });
    return { content: [{ type: "text", text: JSON.stringify(structuredContent) }], structuredContent };
  } catch (error) {
    const said = error instanceof ToolError;
    service.audit({ caller, tool: name, input, outcome: "failed", error });
    const text = said ? error.message : "Something went wrong on our side. Try again later.";
    return { content: [{ type: "text", text }], isError: true };
  }
}
