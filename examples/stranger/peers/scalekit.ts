import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { mcpAuthz } from "@mcp-authz/core/fetch";
import { scalekit } from "@mcp-authz/scalekit";
import { createTokenMint, type TokenMint } from "@mcp-authz/testing";
import { Scalekit } from "@scalekit-sdk/node";

const resource = "https://mcp.example.com/mcp";
const resourceId = "res_92015146095";

let mint: TokenMint;
let serve: (request: Request) => Promise<Response>;
before(async () => {
  mint = await createTokenMint({ audience: resourceId });
  const environmentUrl = mint.issuer;
  serve = mcpAuthz({
    resource,
    provider: scalekit({ environmentUrl, resourceId, sdk: new Scalekit(environmentUrl, "skc_1", "s3cr3t") }),
    policy: { tools: { list_todos: "todo:read", create_todo: "todo:write" } },
    handler: { fetch: async () => Response.json({ jsonrpc: "2.0", id: 1, result: {} }) },
  });
});
after(() => mint.close());

const call = (name: string, token?: string) =>
  serve(
    new Request(resource, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params: { name } }),
    }),
  );

it("refuses who has no token, and says where to log in", async () => {
  const { status, headers } = await call("list_todos");
  assert.equal(status, 401);
  assert.match(headers.get("www-authenticate") ?? "", /resource_metadata="https:\/\/mcp\.example\.com\//);
});

it("serves who has a token that the SDK finds good", async () => {
  assert.equal((await call("list_todos", mint.token({ scope: "todo:read" }))).status, 200);
});

it("refuses a token that the SDK does not find good", async () => {
  assert.equal((await call("list_todos", mint.wrong("badSignature"))).status, 401);
});

it("asks for the scope that is missing", async () => {
  const { status, headers } = await call("create_todo", mint.token({ scope: "todo:read" }));
  assert.equal(status, 403);
  assert.match(
    headers.get("www-authenticate") ?? "",
    /scope="todo:read todo:write", error="insufficient_scope"/,
  );
});
