import { describe, expect, it } from "vitest";
import { mcpAuthz } from "../../src/bindings/fetch.js";
import { provider } from "./provider.js";

const list = {
  jsonrpc: "2.0",
  id: 1,
  result: { tools: [{ name: "list" }, { name: "wïde 🦩" }], ttlMs: 0, cacheScope: "public" },
};

/** A handler whose answer comes in pieces of so many bytes. */
function answering(text: string, type: string, size: number) {
  const bytes = new TextEncoder().encode(text);
  return {
    fetch: () => {
      let offset = 0;
      const body = new ReadableStream<Uint8Array>({
        pull(controller) {
          if (offset >= bytes.length) return controller.close();
          controller.enqueue(bytes.slice(offset, offset + size));
          offset += size;
        },
      });
      return new Response(body, {
        headers: { "content-type": type, "content-length": String(bytes.length) },
      });
    },
  };
}

async function tools(text: string, type: string, size: number): Promise<Response> {
  const serve = mcpAuthz({
    resource: "https://mcp.example.com/mcp",
    provider,
    policy: { tools: { list: "todo:read", "wïde 🦩": "todo:write" } },
    lists: { filter: true },
    handler: answering(text, type, size),
  });
  return serve(
    new Request("https://mcp.example.com/mcp", {
      method: "POST",
      headers: { authorization: "Bearer t", "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" }),
    }),
  );
}

const shown = {
  ...list,
  result: {
    ...list.result,
    tools: [{ name: "list", _meta: { securitySchemes: [{ type: "oauth2", scopes: ["todo:read"] }] } }],
    cacheScope: "private",
  },
};

describe("a list that arrives in pieces", () => {
  it.each([1, 2, 3, 7, 50, 100_000])("of %i bytes is rewritten whole, as JSON", async (size) => {
    const answer = await tools(JSON.stringify(list), "application/json; charset=utf-8", size);
    expect(answer.headers.get("content-length")).toBeNull();
    expect(await answer.json()).toEqual(shown);
  });

  it.each([1, 2, 3, 7, 50, 100_000])("of %i bytes is rewritten event by event, as a stream", async (size) => {
    const text = `: hello\n\nevent: message\nid: 7\ndata: ${JSON.stringify(list)}\n\ndata: {"jsonrpc":"2.0","method":"notifications/message"}\n\n`;
    const answer = await tools(text, "text/event-stream", size);
    expect(await answer.text()).toBe(
      `: hello\n\nevent: message\nid: 7\ndata: ${JSON.stringify(shown)}\n\ndata: {"jsonrpc":"2.0","method":"notifications/message"}\n\n`,
    );
  });

  it("goes out as it came when it is no list, or no JSON", async () => {
    for (const text of ['{"jsonrpc":"2.0","id":1,"error":{"code":-32603,"message":"no"}}', "not json", ""])
      expect(await (await tools(text, "application/json", 5)).text()).toBe(text);
  });
});
