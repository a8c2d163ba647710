import { describe, expect, it, vi } from "vitest";
import { mcpAuthz } from "../../src/bindings/fetch.js";
import type { McpHandler } from "../../src/options.js";
import { collectGarbage } from "./garbage.js";
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

function tools(text: string, type: string, size: number): Promise<Response> {
  return listed(answering(text, type, size));
}

function listed(handler: McpHandler, init: RequestInit = {}): Promise<Response> {
  return served(handler, { method: "tools/list" }, init);
}

async function served(handler: McpHandler, message: object, init: RequestInit = {}): Promise<Response> {
  const serve = mcpAuthz({
    resource: "https://mcp.example.com/mcp",
    provider,
    policy: { tools: { list: "todo:read", "wïde 🦩": "todo:write" } },
    lists: { filter: true },
    handler,
  });
  const request = new Request("https://mcp.example.com/mcp", {
    method: "POST",
    headers: { authorization: "Bearer t", "content-type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, ...message }),
    ...init,
  });
  return serve(request);
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
    const text = await answer.text();
    expect(answer.headers.get("content-length")).toBe(`${Buffer.byteLength(text)}`);
    expect(JSON.parse(text)).toEqual(shown);
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

  it.each(["Text/Event-Stream", "text/event-stream; charset=utf-8"])(
    "goes out before its stream ends, as %s",
    async (type) => {
      const endless = new ReadableStream<Uint8Array>({
        start: (controller) =>
          controller.enqueue(new TextEncoder().encode(`data: ${JSON.stringify(list)}\n\n`)),
      });
      const answer = await listed({
        fetch: () => new Response(endless, { headers: { "content-type": type } }),
      });
      const reader = answer.body?.getReader();
      expect(new TextDecoder().decode((await reader?.read())?.value)).toBe(
        `data: ${JSON.stringify(shown)}\n\n`,
      );
      await reader?.cancel();
    },
  );

  it("is nothing where the answer has no body", async () => {
    const empty = () => new Response(null, { status: 204, headers: { "content-type": "application/json" } });
    expect((await listed({ fetch: empty })).status).toBe(204);
  });

  it("does not go out in part when its handler breaks off", async () => {
    let pieces = 0;
    const broken = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (pieces++ > 0) return controller.error(new Error("broken off"));
        controller.enqueue(new TextEncoder().encode('{"jsonrpc":"2.0",'));
      },
    });
    const answer = () => new Response(broken, { headers: { "content-type": "application/json" } });
    await expect(listed({ fetch: answer })).rejects.toThrow("broken off");
  });

  it("has one length, whatever the handler said of its transfer", async () => {
    const headers = { "content-type": "application/json", "transfer-encoding": "chunked", trailer: "x" };
    const answer = await listed({ fetch: () => new Response(JSON.stringify(list), { headers }) });
    expect(Object.fromEntries(answer.headers)).not.toHaveProperty("transfer-encoding");
    expect(Object.fromEntries(answer.headers)).not.toHaveProperty("trailer");
    expect(answer.headers.get("content-length")).toBe(`${(await answer.arrayBuffer()).byteLength}`);
  });

  it.each([0, 20])("is not read on when the caller left, after %d ms", async (milliseconds) => {
    const caller = new AbortController();
    const cancel = vi.fn();
    const endless = new ReadableStream<Uint8Array>({
      async pull(controller) {
        await new Promise((resolve) => setTimeout(resolve, 2));
        controller.enqueue(new TextEncoder().encode(" "));
      },
      cancel,
    });
    const answer = listed(
      { fetch: () => new Response(endless, { headers: { "content-type": "application/json" } }) },
      { signal: caller.signal },
    );
    setTimeout(() => caller.abort(new Error("left")), milliseconds);
    await expect(answer).rejects.toThrow("left");
    expect(cancel).toHaveBeenCalledOnce();
  });
});

it("a stream that says nothing ends with its token, and its handler hears of it", async () => {
  vi.useFakeTimers();
  try {
    let signal: AbortSignal | undefined;
    const answer = served(
      {
        fetch(request) {
          signal = request.signal;
          return new Response(new ReadableStream(), { headers: { "content-type": "text/event-stream" } });
        },
      },
      { method: "tools/call", params: { name: "list" } },
    );
    await vi.advanceTimersByTimeAsync(599_000);
    collectGarbage();
    expect(signal?.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(4_000);
    expect(signal?.aborted).toBe(true);
    expect(await (await answer).text()).toBe("");
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});

it.each([0, 1])("a stream that breaks off after %d events leaves no timer behind", async (events) => {
  vi.useFakeTimers();
  try {
    let pulled = 0;
    const broken = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          if (pulled++ === events) return controller.error(new Error("broken off"));
          controller.enqueue(new TextEncoder().encode(": hello\n\n"));
        },
      },
      { highWaterMark: 0 },
    );
    const answer = served(
      { fetch: () => new Response(broken, { headers: { "content-type": "text/event-stream" } }) },
      { method: "tools/call", params: { name: "list" } },
    ).then((response) => response.text());
    await expect(answer).rejects.toThrow("broken off");
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});

it("a stream without a body leaves no timer behind", async () => {
  vi.useFakeTimers();
  try {
    const headers = { "content-type": "text/event-stream" };
    const empty = await served({ fetch: () => new Response(null, { headers }) }, { method: "ping" });
    expect(await empty.text()).toBe("");
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});

describe("an answer that goes out as it came", () => {
  it("keeps a body that nobody has asked for, as some servers write it in a shorter way then", async () => {
    const answer = Response.json({ jsonrpc: "2.0", id: 1, result: {} });
    Object.defineProperty(answer, "body", {
      get() {
        throw new Error("somebody has asked");
      },
    });
    const call = { method: "tools/call", params: { name: "list", arguments: {} } };
    expect(await served({ fetch: () => answer }, call)).toBe(answer);
  });
});
