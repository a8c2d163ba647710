/**
 * The few names that the guides take for granted: each is explained on the page before it is used.
 * They exist for the compiler and when blocks are run alike.
 */
import {
  type AuthInfo,
  jwt,
  type McpAuthzOptions,
  type McpHandler,
  type PolicyOptions,
  type Provider,
} from "@mcp-authz/core";
import type { ScalekitSdk } from "@mcp-authz/scalekit";
import { createMcpHandler, McpServer } from "@modelcontextprotocol/server";
import { expect as vitestExpect, type it as vitestIt } from "vitest";

declare global {
  var resource: string;
  var provider: Provider;
  var issuer: string;
  var policy: PolicyOptions;
  var handler: McpHandler;
  var options: McpAuthzOptions & { readonly handler: McpHandler };
  /** The caller, as a tool is given it. */
  var auth: AuthInfo;
  var url: string;
  var expect: typeof vitestExpect;
  var it: typeof vitestIt;
  /** A class of the reader's own. */
  var MyScalekit: new () => ScalekitSdk;
}

globalThis.resource = "https://mcp.example.com/mcp";
globalThis.issuer = "https://id.example.com";
globalThis.provider = jwt({ issuer });
globalThis.policy = { baseline: "todo:read", tools: { list_todos: "todo:read", create_todo: "todo:write" } };
globalThis.handler = createMcpHandler(() => new McpServer({ name: "todo", version: "1.0.0" }));
globalThis.options = { resource, provider, policy, handler };
globalThis.auth = await callerOf();
globalThis.url = "http://127.0.0.1:9/mcp";
globalThis.expect = vitestExpect;

/** A caller can only come out of a gate. */
async function callerOf(): Promise<AuthInfo> {
  const { createGate } = await import("@mcp-authz/core");
  const { createTokenMint } = await import("@mcp-authz/testing");
  const mint = await createTokenMint();
  const gate = createGate({ resource, provider: jwt({ issuer: mint.issuer }), policy });
  const headers = [
    ["authorization", `Bearer ${mint.token()}`],
    ["content-type", "application/json"],
  ] as const;
  const outcome = await gate.authenticate({ method: "POST", target: "/mcp", headers });
  const ping = { jsonrpc: "2.0", id: 1, method: "ping" };
  const verdict =
    outcome.kind === "authenticated" ? await outcome.authorize({ kind: "parsed", value: ping }) : outcome;
  await mint.close();
  if (verdict.kind !== "granted" || verdict.auth === undefined) throw new Error(JSON.stringify(verdict));
  return verdict.auth;
}
