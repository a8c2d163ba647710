import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { getAuth, mcpAuthz } from "../../src/bindings/node.js";
import { LateDenial } from "../../src/index.js";
import { provider } from "./provider.js";

let close = () => {};
afterEach(() => close());

/** Calls a tool of a server whose own route answers behind the gate. */
async function call(route: RequestListener): Promise<Response> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  close = () => {
    server.closeAllConnections();
    server.close();
  };
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
  const gate = mcpAuthz({ resource: url, provider, policy: { tools: { list: "todo:read" } } });
  server.on("request", (request, response) => void gate(request, response, () => route(request, response)));
  return fetch(url, {
    method: "POST",
    headers: { authorization: "Bearer t", "content-type": "application/json" },
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
