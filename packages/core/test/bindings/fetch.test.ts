import { describe, expect, it } from "vitest";
import { bodyOf, type FetchContext, factsOf, getAuth, mcpAuthz } from "../../src/bindings/fetch.js";
import type { McpHandler } from "../../src/options.js";
import { call, verdicts } from "../todo-gate.js";

const provider = {
  authorizationServers: ["https://as.example.com"],
  verifierFor: () => ({
    verify: (token: string) => verdicts.get(token) ?? ({ kind: "unavailable", detail: "x" } as const),
  }),
};

function guarded(fetch: McpHandler["fetch"], more: object = {}) {
  return mcpAuthz({
    resource: "https://mcp.example.com/mcp",
    provider,
    policy: { tools: { whoami: [], open: { public: true } } },
    handler: { fetch },
    ...more,
  });
}

function post(body: unknown, init: RequestInit = {}, url = "https://mcp.example.com/mcp"): Request {
  return new Request(url, {
    method: "POST",
    headers: { authorization: "Bearer reader", "content-type": "application/json" },
    body: typeof body === "string" ? body : JSON.stringify(body),
    ...init,
  });
}

describe("the facts of a request", () => {
  it("are its path and query, and its headers, Host among them", () => {
    const facts = factsOf(new Request("https://h.example:8443/a/../mcp?x=%20", { headers: { "X-A": "1" } }));
    expect(facts).toEqual({
      method: "GET",
      target: "/mcp?x=%20",
      headers: [
        ["x-a", "1"],
        ["host", "h.example:8443"],
      ],
    });
  });
});

describe("the handler", () => {
  it("is given the body that was authorized, and the caller", async () => {
    const value = call("whoami", { a: 1 });
    let seen: unknown[] = [];
    const handler = guarded(async (request, options) => {
      seen = [await request.json(), options?.parsedBody, options?.authInfo, getAuth(request)];
      return new Response("ok");
    });
    const response = await handler(post(`  ${JSON.stringify(value)}`));
    expect(response.status).toBe(200);
    expect(seen.slice(0, 2)).toEqual([value, value]);
    expect(seen[2]).toMatchObject({ clientId: "client_1", token: "reader" });
    expect(seen[3]).toBe(seen[2]);
  });

  it("is told of no caller where none is known", async () => {
    let options: object | undefined;
    const handler = guarded((_, given) => {
      options = given;
      return new Response("ok");
    });
    const anonymous = { headers: { "content-type": "application/json" } };
    expect((await handler(post(call("open"), anonymous))).status).toBe(200);
    expect(options).toEqual({ parsedBody: call("open") });
  });

  it("is not reached by what is refused", async () => {
    let reached = 0;
    const handler = guarded(() => {
      reached++;
      return new Response("ok");
    });
    for (const request of [
      post(call("whoami"), { headers: { "content-type": "application/json" } }),
      post(call("closed")),
      post("{"),
      post(call("whoami"), {}, "https://mcp.example.com/mcp/x"),
      post(call("whoami"), {}, "https://mcp.example.com/health"),
    ])
      expect((await handler(request)).status).toBeGreaterThanOrEqual(400);
    expect(reached).toBe(0);
  });

  it("sees that the client has gone, even when that was before its turn", async () => {
    const client = new AbortController();
    let aborted: boolean | undefined;
    const handler = guarded(
      (request) => {
        aborted = request.signal.aborted;
        return new Response("ok");
      },
      {
        provider: {
          ...provider,
          verifierFor: () => ({
            async verify() {
              client.abort();
              return verdicts.get("reader");
            },
          }),
        },
      },
    );
    const parsedBody = call("whoami");
    await handler(post(parsedBody, { signal: client.signal }), { parsedBody });
    expect(aborted).toBe(true);
  });
});

describe("the answer", () => {
  it("keeps what the handler says, and adds what it leaves out", async () => {
    const handler = guarded(
      () =>
        new Response("ok", {
          status: 202,
          headers: [
            ["Cache-Control", "no-cache"],
            ["Vary", "Accept"],
            ["Set-Cookie", "a=1"],
            ["Set-Cookie", "b=2"],
          ],
        }),
    );
    const { status, headers } = await handler(
      post(call("whoami"), {
        headers: {
          authorization: "Bearer reader",
          "content-type": "application/json",
          origin: "https://mcp.example.com",
        },
      }),
    );
    expect(status).toBe(202);
    expect(headers.get("cache-control")).toBe("no-cache");
    expect(headers.get("vary")).toBe("Accept, Origin");
    expect(headers.getSetCookie()).toEqual(["a=1", "b=2"]);
    expect(headers.get("access-control-allow-origin")).toBe("https://mcp.example.com");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
  });

  it("to what is outside is the application's, or 404", async () => {
    const outside = () => new Response("mine");
    const request = () => new Request("https://mcp.example.com/health");
    expect((await guarded(() => new Response())(request())).status).toBe(404);
    expect(await (await guarded(() => new Response(), { outside })(request())).text()).toBe("mine");
  });

  it("to the metadata's HEAD and to a preflight has no body", async () => {
    const handler = guarded(() => new Response());
    const url = "https://mcp.example.com/.well-known/oauth-protected-resource/mcp";
    expect(await (await handler(new Request(url, { method: "HEAD" }))).text()).toBe("");
    const preflight = await handler(new Request("https://mcp.example.com/mcp", { method: "OPTIONS" }));
    expect([preflight.status, preflight.body]).toEqual([204, null]);
  });
});

describe("a body", () => {
  const reading = { bytes: 10, timeout: 1_000 };
  const streamed = (...chunks: string[]) =>
    new Request("https://h/", {
      method: "POST",
      body: new ReadableStream({
        start(controller) {
          for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk));
          controller.close();
        },
      }),
      duplex: "half",
    } as RequestInit);
  const read = (request: Request, context: FetchContext = {}) => bodyOf(request, context, reading);

  it("is not read when there is none to read", async () => {
    expect(await bodyOf(streamed("x"), {}, undefined)).toEqual({ kind: "none" });
  });

  it("is put together from its pieces, up to the limit", async () => {
    const body = await read(streamed("01234", "56789"));
    expect(body.kind === "bytes" && new TextDecoder().decode(body.bytes as Uint8Array)).toBe("0123456789");
    expect(await read(streamed("01234", "567890"))).toEqual({ kind: "too large" });
  });

  it("that is absent is empty", async () => {
    expect(await read(new Request("https://h/", { method: "POST" }))).toEqual({ kind: "bytes", bytes: "" });
  });

  it("that somebody has parsed is taken from them", async () => {
    const request = post({});
    await request.text();
    expect(await read(request, { parsedBody: { a: 1 } })).toEqual({ kind: "parsed", value: { a: 1 } });
    expect(await read(request)).toEqual({ kind: "parsed", value: undefined });
  });

  it("that breaks off is no message", async () => {
    const broken = new Request("https://h/", {
      method: "POST",
      body: new ReadableStream({
        pull(controller) {
          controller.error(new Error("gone"));
        },
      }),
      duplex: "half",
    } as RequestInit);
    expect(await read(broken)).toEqual({ kind: "bytes", bytes: "" });
  });

  it("that never ends is waited for no longer than allowed", async () => {
    const slow = new Request("https://h/", {
      method: "POST",
      body: new ReadableStream({
        start(controller) {
          controller.enqueue(new TextEncoder().encode("{}"));
        },
      }),
      duplex: "half",
    } as RequestInit);
    for (const announced of [undefined, 2])
      expect(await bodyOf(slow.clone(), {}, { bytes: 10, timeout: 5, announced })).toEqual({
        kind: "timed out",
      });
  });

  describe("whose length is announced", () => {
    const whole = { ...reading, announced: 10 };

    it("is taken whole", async () => {
      const body = await bodyOf(streamed("01234", "56789"), {}, whole);
      expect(body.kind === "bytes" && new TextDecoder().decode(body.bytes as Uint8Array)).toBe("0123456789");
    });

    it("is held to the limit all the same", async () => {
      expect(await bodyOf(streamed("01234", "567890"), {}, whole)).toEqual({ kind: "too large" });
    });

    it("is no message when it breaks off", async () => {
      const failing = new Request("https://h/", {
        method: "POST",
        body: new ReadableStream({ pull: (controller) => controller.error(new Error("gone")) }),
        duplex: "half",
      } as RequestInit);
      expect(await bodyOf(failing, {}, whole)).toEqual({ kind: "bytes", bytes: "" });
    });

    it("is not waited for when somebody else is reading it", async () => {
      const request = streamed("01234", "56789");
      request.body?.getReader();
      expect(await bodyOf(request, {}, whole)).toEqual({ kind: "bytes", bytes: "" });
    });
  });
});
