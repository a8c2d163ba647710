import { createServer, IncomingMessage, type RequestListener, ServerResponse } from "node:http";
import { type AddressInfo, connect, Socket } from "node:net";
import { setImmediate as turn } from "node:timers/promises";
import { afterEach, describe, expect, it, vi } from "vitest";
import { getAuth, guard, mcpAuthz } from "../../src/bindings/node.js";
import { type GateEvent, LateDenial } from "../../src/index.js";
import { call as callOf, granted, todoGate } from "../todo-gate.js";
import { provider } from "./provider.js";

let close = () => {};
afterEach(() => {
  close();
  vi.useRealTimers();
});

/** A connection with so many calls of the tool on it, one after the other. */
function connectTo(url: string, calls: number): Socket {
  const { host, port, hostname } = new URL(url);
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, ...call });
  const request = [
    "POST /mcp HTTP/1.1",
    `Host: ${host}`,
    "Authorization: Bearer alice",
    "Content-Type: application/json",
    `Content-Length: ${body.length}`,
    "",
    body,
  ].join("\r\n");
  return connect(Number(port), hostname).setEncoding("latin1").end(request.repeat(calls));
}

/** All that a server says to so many calls. */
async function said(url: string, calls: number): Promise<string> {
  let all = "";
  for await (const part of connectTo(url, calls)) all += part;
  return all;
}

/** Responses as Node.js makes them, and of a prototype of one's own, as those of Express are. */
const kinds = {
  "of Node.js": ServerResponse.prototype,
  "as of Express": Object.create(ServerResponse.prototype) as ServerResponse,
};
const methods = ["writeHead", "write", "end"] as const;
const call = { method: "tools/call", params: { name: "list", arguments: {} } };

describe.each(Object.entries(kinds))("a response %s", (kind, prototype) => {
  /** A server whose own route answers behind the gate, and how to call it. */
  async function serving(route: RequestListener, events: GateEvent[] = []) {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    close = () => {
      server.closeAllConnections();
      server.close();
    };
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
    const policy = { tools: { list: "todo:read" } };
    const gate = mcpAuthz({ resource: url, provider, policy, onEvent: (event) => events.push(event) });
    server.on("request", (request, response) => {
      Object.setPrototypeOf(response, prototype);
      void gate(request, response, () => route(request, response));
    });
    const calling = (message: object = call, init: RequestInit = {}, token = "alice"): Promise<Response> =>
      fetch(url, {
        method: "POST",
        ...init,
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json", ...init.headers },
        body: init.method === "DELETE" ? null : JSON.stringify({ jsonrpc: "2.0", id: 1, ...message }),
      });
    return Object.assign(calling, { url });
  }

  async function answerOf(route: RequestListener): Promise<Response> {
    return (await serving(route))();
  }

  describe("to a tool call", () => {
    it("has its length when it is written at once", async () => {
      const answer = await answerOf((_, response) =>
        response.setHeader("Content-Type", "application/json").end('{"a":"ö"}'),
      );
      expect([answer.headers.get("content-length"), await answer.text()]).toEqual(["10", '{"a":"ö"}']);
    });

    it.each([
      ["an object", [{ "Content-Length": "2", "X-Own": "1" }]],
      ["a flat list", [["Content-Length", "2", "X-Own", "1"]]],
      ["an object after a text", ["Fine", { "Content-Length": "2", "X-Own": "1" }]],
    ])("keeps the length, status and headers that the route gives with its head, as %s", async (_, rest) => {
      const answer = await answerOf((_, response) =>
        (response.writeHead as (status: number, ...rest: unknown[]) => ServerResponse)
          .call(response, 201, ...rest)
          .end("ok"),
      );
      const { status, headers } = answer;
      expect([status, headers.get("content-length"), headers.get("x-own")]).toEqual([201, "2", "1"]);
      expect(await answer.text()).toBe("ok");
    });

    it("comes in the pieces in which it is written", async () => {
      const answer = await answerOf((_, response) => {
        response.write("one ");
        response.end("two");
      });
      expect([answer.headers.get("transfer-encoding"), await answer.text()]).toEqual(["chunked", "one two"]);
    });

    it.each([...methods, "flushHeaders"] as const)(
      "gives way to a late denial that comes before its first %s",
      async (first) => {
        let isServed = false;
        const answer = await answerOf((request, response) => {
          void new LateDenial(getAuth(request), "todo:admin");
          if (first === "writeHead") response.writeHead(200, { "Content-Length": "5" });
          if (first === "flushHeaders") response.flushHeaders();
          if (first !== "end") response.write("never");
          response.end(first === "end" ? "never" : undefined);
          isServed = true;
        });
        expect(isServed).toBe(true);
        expect([answer.status, await answer.json()]).toEqual([
          403,
          { error: "insufficient_scope", error_description: "More permissions are needed" },
        ]);
      },
    );

    it.each(["write", "end"] as const)(
      "gives way where somebody has kept its %s from before",
      async (kept) => {
        const { url } = await serving((request, response) => {
          const method = response[kept].bind(response);
          void new LateDenial(getAuth(request), "todo:admin");
          method("secret");
          response.end("secret");
        });
        const [head, ...answers] = (await said(url, 2)).split("HTTP/1.1 403 Forbidden");
        expect([head, answers]).toEqual(["", [expect.stringMatching(/\}$/), expect.stringMatching(/\}$/)]]);
      },
    );

    it("gives way where a middleware behind us writes heads and bodies in its own order", async () => {
      let thrown: unknown;
      const answer = await answerOf((request, response) => {
        const { end } = response;
        // As `compression` has it.
        response.end = function (
          this: ServerResponse & { _header: unknown; _implicitHeader(): void },
          chunk,
        ) {
          if (!this._header) this._implicitHeader();
          return end.call(this, chunk, "utf8");
        } as typeof end;
        void new LateDenial(getAuth(request), "todo:admin");
        try {
          response.end("never");
        } catch (error) {
          thrown = error;
        }
      });
      expect([answer.status, await answer.json()]).toMatchObject([403, { error: "insufficient_scope" }]);
      expect(thrown).toBeUndefined();
    });

    it("gives way once, however often the tool denies", async () => {
      const events: GateEvent[] = [];
      const calling = await serving((request, response) => {
        void new LateDenial(getAuth(request), "todo:write");
        void new LateDenial(getAuth(request), "todo:admin");
        response.end("never");
      }, events);
      const { status, headers } = await calling();
      expect([status, headers.get("www-authenticate")]).toEqual([
        403,
        expect.stringContaining('scope="todo:read todo:admin"'),
      ]);
      expect(events.map(({ kind }) => kind)).toEqual(["granted", "refused"]);
    });

    it("has the length of the denial where another was announced beside its headers", async () => {
      const answer = await answerOf((request, response) => {
        void new LateDenial(getAuth(request), "todo:admin");
        Object.assign(response, { _contentLength: 5 }).end("never");
      });
      expect([answer.status, await answer.json()]).toMatchObject([403, { error: "insufficient_scope" }]);
    });

    it("goes on when the tool denies after it has begun", async () => {
      const answer = await answerOf((request, response) => {
        response.write("begun, ");
        void new LateDenial(getAuth(request), "todo:admin");
        response.end("ended");
      });
      expect([answer.status, await answer.text()]).toEqual([200, "begun, ended"]);
    });

    it("may open a session that nobody asked for, and it belongs to who called", async () => {
      const calling = await serving((request, response) => {
        response.setHeader("Mcp-Session-Id", "s-1").write("begun, ");
        void new LateDenial(getAuth(request), "todo:admin");
        response.end("ended");
      });
      const headers = { "mcp-session-id": "s-1" };
      expect((await calling()).status).toBe(200);
      await vi.waitFor(async () => expect((await calling(call, { headers }, "bob")).status).toBe(404));
      expect((await calling(call, { headers })).status).toBe(200);
    });
  });

  describe("that opens or ends a session", () => {
    const session = { headers: { "mcp-session-id": "s-1" } };
    const initialize = { method: "initialize", params: { protocolVersion: "2025-11-25", capabilities: {} } };

    it("is seen before it is over", async () => {
      let end = () => {};
      const calling = await serving((request, response) => {
        if (request.headers["mcp-session-id"] !== undefined) return response.end("all");
        response.writeHead(200, { "Content-Type": "text/event-stream", "Mcp-Session-Id": "s-1" });
        response.write(": hello\n\n");
        end = () => response.end();
      });
      expect((await calling(initialize)).status).toBe(200);
      expect((await calling(call, session, "bob")).status).toBe(404);
      expect((await calling(call, session)).status).toBe(200);
      expect((await calling({}, { ...session, method: "DELETE" })).status).toBe(200);
      expect((await calling(call, session, "bob")).status).toBe(200);
      end();
    });
  });

  describe("when its token has expired", () => {
    /** Until shortly after the token that `provider` has given. Milliseconds. */
    const life = 602_000;
    const late = 10_000;

    const freeze = () => vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });

    /** The response that a route was given, and what becomes of the request. */
    async function waiting(begin: (response: ServerResponse) => void) {
      freeze();
      let given: ServerResponse | undefined;
      const answer = answerOf((_, response) => {
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

    it("goes on when it is no stream and has begun", async () => {
      const { response, answer } = await waiting((response) => response.write("one "));
      vi.advanceTimersByTime(life + late);
      response.end("two");
      expect(await answer).toBe("one two");
    });

    it("goes on when it is no stream and has not begun", async () => {
      const { response, answer } = await waiting(() => {});
      vi.advanceTimersByTime(life + late);
      response.end("all");
      expect(await answer).toBe("all");
    });

    it("has ten seconds when it becomes a stream only then", async () => {
      const { response, answer } = await waiting(() => {});
      vi.advanceTimersByTime(life);
      response.setHeader("Content-Type", "text/event-stream");
      response.write(": hello\n\n");
      expect(response.destroyed).toBe(false);
      vi.advanceTimersByTime(late);
      expect(response.destroyed).toBe(true);
      await expect(answer).rejects.toThrow();
    });

    it("can still be a late denial", async () => {
      freeze();
      const answer = await answerOf((request, response) => {
        vi.advanceTimersByTime(life);
        void new LateDenial(getAuth(request), "todo:admin");
        response.end("never");
      });
      expect(answer.status).toBe(403);
    });

    it("has left no timer behind when it was over before", async () => {
      const { response, answer } = await waiting((response) => response.end("all"));
      expect(await answer).toBe("all");
      while (!response.closed) await turn();
      expect(vi.getTimerCount()).toBe(0);
    });

    it("has left no timer behind when its caller left while it waited behind another", async () => {
      freeze();
      let running = 0;
      const calling = await serving(() => {
        running++;
      });
      const socket = connectTo(calling.url, 3);
      while (running < 3) await turn();
      const gone = new Promise((resolve) => socket.on("close", resolve));
      socket.destroy();
      await gone;
      for (let turns = 0; turns < 100 && vi.getTimerCount() > 0; turns++) await turn();
      expect(vi.getTimerCount()).toBe(0);
    });
  });

  it(kind === "of Node.js" ? "is watched" : "is left alone where nothing has to be said", async () => {
    let own: string[] = [];
    await answerOf((_, response) => {
      own = methods.filter((name) => Object.hasOwn(response, name));
      response.end("all");
    });
    expect(own).toEqual(kind === "of Node.js" ? methods : []);
  });
});

describe("a response that a binding guards", () => {
  async function guarded(before: (response: ServerResponse) => void) {
    const response = new ServerResponse(new IncomingMessage(new Socket()));
    Object.setPrototypeOf(response, kinds["as of Express"]);
    response.assignSocket(new Socket());
    const verdict = granted(await todoGate().ask({ token: "reader", body: callOf("whoami") }));
    before(response);
    guard(response, verdict);
    return response;
  }

  it("ends with its token where the binding has not set our headers", async () => {
    vi.useFakeTimers();
    const response = await guarded(() => {});
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    vi.advanceTimersByTime(Date.parse("2100-01-01") - Date.now());
    expect(response.destroyed).toBe(true);
  });

  it("leaves no timer where the client has left before, whatever is still written", async () => {
    vi.useFakeTimers();
    const response = await guarded((response) => response.setHeader("X-Request-Id", "1").destroy());
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    expect(vi.getTimerCount()).toBe(0);
  });
});
