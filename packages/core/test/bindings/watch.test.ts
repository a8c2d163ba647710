import { createServer, IncomingMessage, type RequestListener, ServerResponse } from "node:http";
import { type AddressInfo, Socket } from "node:net";
import { setImmediate as turn } from "node:timers/promises";
import { afterEach, describe, expect, it, vi } from "vitest";
import { getAuth, guard, mcpAuthz } from "../../src/bindings/node.js";
import { LateDenial } from "../../src/index.js";
import { call as callOf, granted, todoGate } from "../todo-gate.js";
import { provider } from "./provider.js";

let close = () => {};
afterEach(() => {
  close();
  vi.useRealTimers();
});

/** Calls a tool of a server whose own route answers behind the gate. */
async function call(route: RequestListener): Promise<Response> {
  return (await serving(route))();
}

/** A server whose own route answers behind the gate, and how to call its tool. */
async function serving(route: RequestListener) {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  close = () => {
    server.closeAllConnections();
    server.close();
  };
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
  const gate = mcpAuthz({ resource: url, provider, policy: { tools: { list: "todo:read" } } });
  server.on("request", (request, response) => void gate(request, response, () => route(request, response)));
  return (token = "alice", headers: Record<string, string> = {}): Promise<Response> =>
    fetch(url, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json", ...headers },
      body: JSON.stringify({
        jsonrpc: "2.0",
        id: 1,
        method: "tools/call",
        params: { name: "list", arguments: {} },
      }),
    });
}

describe("the application's own answer to a tool call", () => {
  it("has its length when it is written at once", async () => {
    const answer = await call((_, response) =>
      response.setHeader("Content-Type", "application/json").end('{"a":"ö"}'),
    );
    expect([answer.headers.get("content-length"), await answer.text()]).toEqual(["10", '{"a":"ö"}']);
  });

  it("keeps the length, status and headers that the route gives with its head", async () => {
    const answer = await call((_, response) =>
      response.writeHead(201, { "Content-Length": "2", "X-Own": "1" }).end("ok"),
    );
    expect([answer.status, answer.headers.get("content-length"), answer.headers.get("x-own")]).toEqual([
      201,
      "2",
      "1",
    ]);
    expect(await answer.text()).toBe("ok");
  });

  it("comes in the pieces in which it is written", async () => {
    const answer = await call((_, response) => {
      response.write("one ");
      response.end("two");
    });
    expect([answer.headers.get("transfer-encoding"), await answer.text()]).toEqual(["chunked", "one two"]);
  });

  it.each(["end", "write", "writeHead"] as const)(
    "gives way to a late denial that comes before its first %s",
    async (first) => {
      const answer = await call((request, response) => {
        void new LateDenial(getAuth(request), "todo:admin");
        if (first === "writeHead") response.writeHead(200, { "Content-Length": "5" });
        if (first !== "end") response.write("never");
        response.end(first === "end" ? "never" : undefined);
      });
      expect([answer.status, await answer.json()]).toEqual([
        403,
        { error: "insufficient_scope", error_description: "More permissions are needed" },
      ]);
    },
  );
});

describe("the application's own answer when its token has expired", () => {
  /** Until shortly after the token that `provider` has given. Milliseconds. */
  const life = 602_000;
  const late = 10_000;

  /** The response that a route was given, and what becomes of the request. */
  async function waiting(begin: (response: ServerResponse) => void) {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
    let given: ServerResponse | undefined;
    const answer = call((_, response) => {
      given = response;
      begin(response);
    }).then((response) => response.text());
    answer.catch(() => {});
    while (given === undefined) await turn();
    return { response: given, answer };
  }

  it.each([
    ["an object", { "Content-Type": "text/event-stream" }],
    ["a flat list", ["Content-Type", "Text/Event-Stream; charset=utf-8"]],
  ])("is cut off when it is a stream whose head came as %s", async (_, head) => {
    const { response, answer } = await waiting((response) => {
      response.writeHead(200, head as Record<string, string>).write(": hello\n\n");
    });
    expect(response.destroyed).toBe(false);
    vi.advanceTimersByTime(life);
    expect(response.destroyed).toBe(true);
    await expect(answer).rejects.toThrow();
  });

  it("is cut off when it is a stream, also where the route has taken all our headers away", async () => {
    const { response, answer } = await waiting((response) => {
      for (const name of response.getHeaderNames()) response.removeHeader(name);
      response.writeHead(200, { "Content-Type": "text/event-stream" }).write(": hello\n\n");
    });
    vi.advanceTimersByTime(life);
    expect(response.destroyed).toBe(true);
    await expect(answer).rejects.toThrow();
  });

  it("goes on when it is no stream, begun or not", async () => {
    const begun = await waiting((response) => response.write("one "));
    vi.advanceTimersByTime(life);
    begun.response.end("two");
    expect(await begun.answer).toBe("one two");
    vi.useRealTimers();
    const silent = await waiting(() => {});
    vi.advanceTimersByTime(life);
    vi.advanceTimersByTime(late);
    silent.response.end("all");
    expect(await silent.answer).toBe("all");
  });

  it("has ten seconds when it becomes a stream only then", async () => {
    const { response, answer } = await waiting(() => {});
    vi.advanceTimersByTime(life);
    response.setHeader("Content-Type", "text/event-stream");
    response.write(": hello\n\n");
    vi.advanceTimersByTime(late - 1);
    expect(response.destroyed).toBe(false);
    vi.advanceTimersByTime(1);
    expect(response.destroyed).toBe(true);
    await expect(answer).rejects.toThrow();
  });

  it("can still be a late denial", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
    const answer = await call((request, response) => {
      vi.advanceTimersByTime(life);
      void new LateDenial(getAuth(request), "todo:admin");
      response.end("never");
    });
    expect(answer.status).toBe(403);
  });

  it("leaves no timer when it has ended before", async () => {
    const { response, answer } = await waiting((response) => response.end("all"));
    expect(await answer).toBe("all");
    while (!response.closed) await turn();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("the application's own answer", () => {
  it("is not touched where nothing has to be said about it", async () => {
    let own: string[] = [];
    await call((_, response) => {
      own = ["writeHead", "write", "end"].filter((name) => Object.hasOwn(response, name));
      response.end("all");
    });
    expect(own).toEqual([]);
  });

  it("keeps what it has begun to say when the tool denies after that", async () => {
    const answer = await call((request, response) => {
      response.write("begun, ");
      void new LateDenial(getAuth(request), "todo:admin");
      response.end("ended");
    });
    expect([answer.status, await answer.text()]).toEqual([200, "begun, ended"]);
  });

  it("may open a session that nobody asked for, and it belongs to who called", async () => {
    const calling = await serving((_, response) => response.setHeader("Mcp-Session-Id", "s-1").end("all"));
    const session = { "mcp-session-id": "s-1" };
    expect((await calling("alice")).status).toBe(200);
    await vi.waitFor(async () => expect((await calling("bob", session)).status).toBe(404));
    expect((await calling("alice", session)).status).toBe(200);
  });
});

describe("a response that a binding guards", () => {
  async function guarded(request: IncomingMessage, before: (response: ServerResponse) => void) {
    const response = new ServerResponse(request);
    const verdict = granted(await todoGate().ask({ token: "reader", body: callOf("whoami") }));
    before(response);
    guard(response, verdict);
    return response;
  }

  it("ends with its token where the binding has not set our headers", async () => {
    vi.useFakeTimers();
    const response = await guarded(new IncomingMessage(new Socket()), () => {});
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    vi.advanceTimersByTime(Date.parse("2100-01-01") - Date.now());
    expect(response.destroyed).toBe(true);
  });

  it("leaves no timer where the client has left before", async () => {
    vi.useFakeTimers();
    await guarded(new IncomingMessage(new Socket()), (response) =>
      response.setHeader("X-Request-Id", "1").destroy(),
    );
    expect(vi.getTimerCount()).toBe(0);
  });
});
