import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { getAuth, mcpAuthz } from "../../src/bindings/node.js";
import type { McpAuthzOptions } from "../../src/options.js";
import { accessToken, call, verdicts } from "../todo-gate.js";
import { collectGarbage } from "./garbage.js";

const servers: ReturnType<typeof createServer>[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

type Route = (request: IncomingMessage, response: ServerResponse) => void;

/** A server with the gate, and the application's route behind it. */
async function serving(
  more: Partial<McpAuthzOptions>,
  route?: Route,
  encoding?: BufferEncoding,
): Promise<number> {
  const guard = mcpAuthz({
    resource: "https://mcp.example.com/mcp",
    provider: {
      authorizationServers: ["https://as.example.com"],
      verifierFor: () => ({ verify: (token) => verdicts.get(token) ?? { kind: "unavailable", detail: "x" } }),
    },
    policy: { tools: { whoami: [], hidden: "x" } },
    ...more,
  });
  const server = createServer((request, response) => {
    if (encoding !== undefined) request.setEncoding(encoding);
    if (route === undefined) void guard(request, response);
    else void guard(request, response, () => route(request, response));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

/** As characters of one byte each. */
function message(body: string, lines: readonly string[] = []): string {
  return [
    "POST /mcp HTTP/1.1",
    "Host: h",
    "Connection: close",
    "Authorization: Bearer reader",
    "Content-Type: application/json",
    `Content-Length: ${body.length}`,
    ...lines,
    "",
    body,
  ].join("\r\n");
}

async function exchange(
  port: number,
  ...packets: readonly string[]
): Promise<{ status: number; head: string; body: string }> {
  const socket = connect(port, "127.0.0.1");
  let text = "";
  socket.setEncoding("latin1").on("data", (chunk) => {
    text += chunk;
  });
  for (const packet of packets) {
    socket.write(packet, "latin1");
    await sleep(10);
  }
  if (!socket.destroyed) await new Promise((resolve) => socket.on("close", resolve).on("error", () => {}));
  const [head = "", ...rest] = text.split("\r\n\r\n");
  return { status: Number(head.split(" ")[1]), head: head.toLowerCase(), body: rest.join("\r\n\r\n") };
}

const list = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" });
const tools = JSON.stringify({
  jsonrpc: "2.0",
  id: 1,
  result: { tools: [{ name: "whoami" }, { name: "hidden" }] },
});
const filtered = { lists: { filter: true, securitySchemes: false } };
const shown = '{"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":"whoami"}]}}';

describe("a route behind the gate", () => {
  it("finds caller and body where the SDKs look for them", async () => {
    const port = await serving({}, (request, response) => {
      const { body } = request as { body?: unknown };
      response.end(JSON.stringify({ body, clientId: getAuth(request)?.clientId }));
    });
    const value = call("whoami", { a: "ü" });
    const { status, body, head } = await exchange(
      port,
      message(Buffer.from(JSON.stringify(value)).toString("latin1")),
    );
    expect(status).toBe(200);
    expect(head).toContain("x-request-id: ");
    expect(
      JSON.parse(Buffer.from(body.replace(/^[0-9a-f]+\r\n|\r\n0(\r\n)*$/g, ""), "latin1").toString()),
    ).toEqual({
      body: value,
      clientId: "client_1",
    });
  });

  it("is not reached by what is refused, and reached by what is outside", async () => {
    let reached = 0;
    const port = await serving({}, (_, response) => {
      reached++;
      response.end("reached");
    });
    expect((await exchange(port, message("{"))).status).toBe(400);
    expect((await exchange(port, message(JSON.stringify(call("closed"))))).status).toBe(403);
    expect(reached).toBe(0);
    const outside = await exchange(port, "GET /health HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    expect(outside.status).toBe(200);
    expect(reached).toBe(1);
  });

  it.each([
    ["in one piece", (response: ServerResponse) => response.end(tools)],
    [
      "in pieces",
      (response: ServerResponse) => {
        response.write(tools.slice(0, 30));
        response.end(tools.slice(30));
      },
    ],
    ["as bytes", (response: ServerResponse) => response.end(Buffer.from(tools))],
    [
      "in an encoding of its own",
      (response: ServerResponse) => response.end(Buffer.from(tools).toString("base64"), "base64"),
    ],
    [
      "with a length",
      (response: ServerResponse) => response.writeHead(200, { "Content-Length": tools.length }).end(tools),
    ],
    [
      "with an end that says null",
      (response: ServerResponse) => {
        response.write(tools);
        response.end(null);
      },
    ],
    [
      "with a head sent before",
      (response: ServerResponse) => {
        response.flushHeaders();
        response.end(tools);
      },
    ],
    [
      "with callbacks",
      (response: ServerResponse) => {
        response.write(tools, () => response.end(() => {}));
      },
    ],
  ] as [string, (response: ServerResponse) => void][])(
    "has its lists filtered when it answers %s",
    async (_, answer) => {
      const port = await serving(filtered, (_request, response) => {
        response.setHeader("Content-Type", "application/json");
        answer(response);
      });
      const { body } = await exchange(port, message(list));
      expect(body).toContain(shown);
      expect(body).not.toContain("hidden");
    },
  );

  it("keeps every one of its cookies and its status text", async () => {
    const port = await serving(filtered, (_, response) => {
      response.writeHead(207, "Mixed", [
        "Content-Type",
        "application/json",
        "Set-Cookie",
        "a=1",
        "Set-Cookie",
        "b=2",
      ]);
      response.end(tools);
    });
    const { head, status } = await exchange(port, message(list));
    expect(status).toBe(207);
    expect(head).toMatch(/^http\/1.1 207 mixed/);
    expect(head.match(/set-cookie: .*/g)).toEqual(["set-cookie: a=1", "set-cookie: b=2"]);
  });

  it("may compress for itself, and then goes out as it came", async () => {
    const { gzipSync, gunzipSync } = await import("node:zlib");
    const port = await serving({}, (_, response) => {
      const bytes = gzipSync(tools);
      response.writeHead(200, {
        "Content-Type": "application/json",
        "Content-Encoding": "gzip",
        "Content-Length": bytes.length,
      });
      response.end(bytes);
    });
    const { body } = await exchange(port, message(list));
    expect(gunzipSync(Buffer.from(body, "latin1")).toString()).toBe(tools);
  });
});

describe("what a route may do with its answer", () => {
  it("it ends it twice, when it was a list, too", async () => {
    const errors: unknown[] = [];
    const port = await serving({}, (_, response) => {
      response.on("error", (error) => errors.push(error)).setHeader("Content-Type", "application/json");
      response.end(tools);
      response.end();
    });
    expect((await exchange(port, message(list))).status).toBe(200);
    expect(errors).toEqual([]);
  });

  it.each(["text/event-stream", "Text/Event-Stream", " text/event-stream ; x=y"])(
    "its stream ends with its token, as %j",
    async (type) => {
      const expiresAt = Math.floor(Date.now() / 1000) + 1;
      const verify = () => ({ kind: "accepted", token: accessToken({ expiresAt }) }) as const;
      const provider = { authorizationServers: ["https://as.example.com"], verifierFor: () => ({ verify }) };
      let closed: (() => void) | undefined;
      const over = new Promise<void>((resolve) => {
        closed = resolve;
      });
      const port = await serving({ provider }, (_, response) => {
        response.on("close", () => closed?.()).writeHead(200, { "Content-Type": type });
        response.write(": hello\n\n");
      });
      void exchange(port, message(JSON.stringify(call("whoami"))).replace("Connection: close", "X-Y: z"));
      await over;
      expect(Date.now()).toBeGreaterThanOrEqual(expiresAt * 1000);
    },
  );
});

describe("a handler of our own calling", () => {
  it("reads nothing made up from the request's URL", async () => {
    const port = await serving({ handler: { fetch: (request) => new Response(request.url) } });
    const request = message(JSON.stringify(call("whoami"))).replace("Host: h", "Host: evil.example");
    expect((await exchange(port, request)).body).toContain("https://mcp.example.com/mcp");
  });

  it("that throws is a 500 without its words", async () => {
    const port = await serving({
      handler: {
        fetch() {
          throw new Error("secret detail");
        },
      },
    });
    const answer = await exchange(port, message(JSON.stringify(call("whoami"))));
    expect(answer.status).toBe(500);
    expect(answer.body).not.toContain("secret");
  });

  it("hears that the client left when it holds nothing of the request but its signal", async () => {
    let heard: ((reason: unknown) => void) | undefined;
    const left = new Promise((resolve) => {
      heard = resolve;
    });
    let begun: (() => void) | undefined;
    const called = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const port = await serving({
      handler: {
        fetch({ signal }) {
          signal.addEventListener("abort", () => heard?.(signal.reason));
          begun?.();
          return new Promise(() => {});
        },
      },
    });
    const socket = connect(port, "127.0.0.1").on("error", () => {});
    socket.write(message(JSON.stringify(call("whoami"))));
    await called;
    for (const _ of [1, 2, 3]) {
      await sleep(5);
      collectGarbage();
    }
    socket.destroy();
    expect(await left).toMatchObject({ name: "AbortError" });
  });

  it("stops when the client left while its call was being authorized", async () => {
    let ask: (() => void) | undefined;
    const asked = new Promise<void>((resolve) => {
      ask = resolve;
    });
    let answer: ((ruling: true) => void) | undefined;
    let cancelled: (() => void) | undefined;
    const stopped = new Promise<void>((resolve) => {
      cancelled = resolve;
    });
    let aborted: boolean | undefined;
    let gone: (() => void) | undefined;
    const left = new Promise<void>((resolve) => {
      gone = resolve;
    });
    const guard = mcpAuthz({
      resource: "https://mcp.example.com/mcp",
      provider: {
        authorizationServers: ["https://as.example.com"],
        verifierFor: () => ({ verify: () => verdicts.get("reader") ?? { kind: "unavailable", detail: "x" } }),
      },
      policy: {
        methods: {
          ping: () => {
            ask?.();
            return new Promise<true>((resolve) => {
              answer = resolve;
            });
          },
        },
      },
      handler: {
        fetch(request) {
          aborted = request.signal.aborted;
          return new Response(new ReadableStream({ cancel: () => cancelled?.() }), {
            headers: { "Content-Type": "text/event-stream" },
          });
        },
      },
    });
    const server = createServer((request, response) => {
      response.once("close", () => gone?.());
      void guard(request, response);
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
    socket.write(message(JSON.stringify({ jsonrpc: "2.0", id: 1, method: "ping" })));
    await asked;
    socket.destroy();
    await left;
    answer?.(true);
    await stopped;
    expect(aborted).toBe(true);
  });
});

describe("a body", () => {
  it("that is too long ends in 413, though no length was promised", async () => {
    const port = await serving({ limits: { body: 10 } }, (_, response) => response.end());
    const chunked = message("", ["Transfer-Encoding: chunked"]).replace(/Content-Length: 0\r\n/, "");
    expect((await exchange(port, `${chunked}14\r\n{"01234567890123456"}\r\n0\r\n\r\n`)).status).toBe(413);
  });

  it("that never comes ends in 408", async () => {
    const port = await serving({ limits: { bodyTimeout: 10 } }, (_, response) => response.end());
    const request = message("{}").slice(0, -1);
    expect((await exchange(port, request)).status).toBe(408);
  });

  const sent = Buffer.from(JSON.stringify(call("whoami", { text: `${"ü€".repeat(50)}!` }))).toString(
    "latin1",
  );
  const whole = message(sent);
  // Between two bytes of one character.
  const middle = whole.indexOf("\xc3") + 1;
  it.each([
    ["in one packet with its head", [whole]],
    ["in a packet of its own", whole.split(/(?<=\r\n\r\n)/)],
    ["in pieces", [whole.slice(0, middle), whole.slice(middle)]],
    // Half of the bytes are as many characters in hexadecimal as there are bytes in all.
    ["in two halves", [whole.slice(0, -sent.length / 2), whole.slice(-sent.length / 2)]],
    ["with the next request behind it", [`${whole.replace("Connection: close\r\n", "")}${whole}`]],
  ])("is read %s, as bytes and as text", async (_, packets) => {
    for (const encoding of [undefined, "utf8", "hex"] as const) {
      const port = await serving(
        {},
        (request, response) => response.end(JSON.stringify((request as { body?: unknown }).body)),
        encoding,
      );
      expect((await exchange(port, ...packets)).body).toContain(sent);
    }
  });

  it.each([
    ["an object", call("whoami"), 200],
    ["text", JSON.stringify(call("whoami")), 200],
    ["bytes", Buffer.from(JSON.stringify(call("whoami"))), 200],
    ["nothing", undefined, 400],
    ["an empty object", {}, 400],
  ])("that was read before is taken as %s", async (_, before, status) => {
    const guard = mcpAuthz({
      resource: "https://mcp.example.com/mcp",
      provider: {
        authorizationServers: ["https://as.example.com"],
        verifierFor: () => ({ verify: () => verdicts.get("reader") ?? { kind: "unavailable", detail: "x" } }),
      },
      policy: { tools: { whoami: [] } },
    });
    const server = createServer((request, response) => {
      request.resume().on("end", () => {
        Object.assign(request, { body: before });
        void guard(request, response, () => response.end("ok"));
      });
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    expect((await exchange((server.address() as AddressInfo).port, message("{}"))).status).toBe(status);
  });
});

it("two lines of credentials are seen, though Node.js shows one", async () => {
  const port = await serving({}, (_, response) => response.end("reached"));
  const answer = await exchange(
    port,
    message(JSON.stringify(call("whoami")), ["Authorization: Bearer writer"]),
  );
  expect(answer.status).toBe(400);
  expect(answer.head).toContain('error="invalid_request"');
});

it("without a framework, what is outside is 404", async () => {
  const port = await serving({});
  expect((await exchange(port, "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")).status).toBe(404);
});
