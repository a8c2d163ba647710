/**
 * Compiled by `tsc -p test`, never run: what has to fit the MCP SDKs, and what must not compile.
 */
import type { AuthInfo as ClientAuthInfo } from "@modelcontextprotocol/client";
import type { AuthInfo as SdkV1AuthInfo } from "@modelcontextprotocol/sdk/server/auth/types.js";
import type { RequestHandlerExtra } from "@modelcontextprotocol/sdk/shared/protocol.js";
import type { ServerNotification, ServerRequest } from "@modelcontextprotocol/sdk/types.js";
import type {
  McpHandlerRequestOptions,
  McpHttpHandler,
  AuthInfo as SdkV2AuthInfo,
  ServerContext,
} from "@modelcontextprotocol/server";
import type { FetchOptions } from "../src/bindings/fetch.js";
import {
  type Answer,
  type AuthInfo,
  assertGuarded,
  type Body,
  createGate,
  type Facts,
  type Gate,
  type Granted,
  type McpAuthzOptions,
  type McpHandler,
  type ReasonCode,
} from "../src/index.js";

declare const ours: AuthInfo;
declare const v1: SdkV1AuthInfo;
declare const v2: SdkV2AuthInfo;
declare const client: ClientAuthInfo;

// AuthInfo is each SDK's own, in both directions.
ours satisfies SdkV1AuthInfo;
ours satisfies SdkV2AuthInfo;
ours satisfies ClientAuthInfo;
v1 satisfies AuthInfo;
v2 satisfies AuthInfo;
client satisfies AuthInfo;

// What tools are given can be guarded, and read.
declare const extra: RequestHandlerExtra<ServerRequest, ServerNotification>;
declare const context: ServerContext;
assertGuarded(extra.authInfo);
extra.authInfo satisfies AuthInfo;
extra.authInfo.scopes satisfies string[];
const inContext: unknown = context.http?.authInfo;
assertGuarded(inContext);
inContext satisfies SdkV2AuthInfo;

// A handler of SDK v2 is one of ours, and takes what we hand it.
declare const sdkHandler: McpHttpHandler;
sdkHandler satisfies McpHandler;
declare const handed: NonNullable<Parameters<McpHandler["fetch"]>[1]>;
handed satisfies McpHandlerRequestOptions;
({ fetch: (request: Request) => new Response(request.url) }) satisfies McpHandler;
({ fetch: async () => new Response() }) satisfies McpHandler;
// @ts-expect-error A handler has to answer with a Response.
({ fetch: () => "text" }) satisfies McpHandler;

// The steps cannot be taken in the wrong order.
declare const gate: Gate;
declare const facts: Facts;
declare const body: Body;
// @ts-expect-error There is no second step without the first.
gate.authorize(body);
const outcome = await gate.authenticate(facts);
// @ts-expect-error Nor before it is known how the first one ended.
outcome.authorize(body);
if (outcome.kind === "answer") {
  // @ts-expect-error Nor after a refusal.
  outcome.authorize(body);
}
if (outcome.kind === "outside") {
  // @ts-expect-error Nor for somebody else's request.
  outcome.authorize(body);
}
if (outcome.kind === "authenticated") {
  const verdict = await outcome.authorize(body);
  // @ts-expect-error Nobody is known before the verdict was looked at.
  verdict.auth;
  if (verdict.kind === "granted") verdict.auth satisfies AuthInfo | undefined;
  else verdict satisfies Answer;
}

/** Every outcome has its branch; a fourth one would not compile. */
export async function carriedOut(): Promise<Answer | Granted | undefined> {
  const first = await gate.authenticate(facts);
  switch (first.kind) {
    case "outside":
      return undefined;
    case "answer":
      return first;
    case "authenticated": {
      const second = await first.authorize(body);
      switch (second.kind) {
        case "answer":
        case "granted":
          return second;
        default:
          return second satisfies never;
      }
    }
    default:
      return first satisfies never;
  }
}

// Options: the policy is required, and misspelt names do not compile.
declare const options: McpAuthzOptions;
createGate(options);
// @ts-expect-error Without a policy nothing is decided.
({ resource: options.resource, provider: options.provider }) satisfies McpAuthzOptions;
// @ts-expect-error There is no such option.
({ ...options, orgins: [] }) satisfies McpAuthzOptions;
// @ts-expect-error A rule has no such condition.
({ tools: { t: { scope: "a" } } }) satisfies McpAuthzOptions["policy"];
// @ts-expect-error Nothing is "not public".
({ tools: { t: { public: false } } }) satisfies McpAuthzOptions["policy"];
({ tools: { t: async () => ({ denied: "no" }) } }) satisfies McpAuthzOptions["policy"];
({ tools: { t: async () => true, u: () => false } }) satisfies McpAuthzOptions["policy"];
// @ts-expect-error The fetch binding has no route to fall back to.
options satisfies FetchOptions;

// Where the tools are known, the policy knows their names.
declare const named: McpAuthzOptions<"list_todos" | "create_todo">;
({ ...named, policy: { tools: { list_todos: [] } } }) satisfies typeof named;
// @ts-expect-error There is no such tool.
({ ...named, policy: { tools: { delete_todo: [] } } }) satisfies typeof named;

// Reasons are a closed union.
"scope_insufficient" satisfies ReasonCode;
// @ts-expect-error There is no such reason.
"because" satisfies ReasonCode;
