import { createServer, type Server } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { ConnectionEnded, chunked, exchange, RawConnection, requestBytes } from "../../src/index.js";

let server: Server | undefined;
afterEach(() => void server?.close());

/** A server that says what it is told, whatever it hears, and hangs up. */
async function says(...parts: readonly string[]): Promise<string> {
  server = createServer((socket) => {
    socket.once("data", () => {
      for (const part of parts) socket.write(part);
      socket.end();
    });
  });
  const listening = server;
  await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
  const address = listening.address();
  return `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}/mcp`;
}

describe("requestBytes", () => {
  it("adds Host and Content-Length and nothing else", () => {
    const bytes = requestBytes({ headers: [["X-A", "é"]], body: "{}" }, { target: "/mcp", host: "h" });
    expect(bytes.toString("latin1")).toBe(
      "POST /mcp HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nX-A: é\r\n\r\n{}",
    );
  });

  it("adds nothing to a bare request", () => {
    const bytes = requestBytes({ method: "GET", bare: true, lines: ["Broken"] }, { target: "*", host: "h" });
    expect(bytes.toString()).toBe("GET * HTTP/1.1\r\nBroken\r\n\r\n");
  });

  it("keeps duplicate headers in their order", () => {
    const headers = [
      ["Host", "a"],
      ["Host", "b"],
    ] as const;
    expect(requestBytes({ method: "GET", headers }, { target: "/", host: "h" }).toString()).toBe(
      "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    );
  });
});

describe("RawConnection", () => {
  it("reads a body of known length, and every line of a header", async () => {
    const url = await says("HTTP/1.1 401 Unauthorized\r\nA: 1\r\na:  2 \r\nContent-Length: 3\r\n\r\nabc");
    const answer = await exchange(url, {});
    expect([answer.status, answer.text, answer.values("A"), answer.header("b")]).toEqual([
      401,
      "abc",
      ["1", "2"],
      undefined,
    ]);
  });

  it("reads a chunked body that arrives in pieces, with trailers", async () => {
    const body = chunked(["hello, ", "world"], ["X-Trailer: 1"]).toString();
    const url = await says(
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chu",
      "nked\r\n\r\n",
      body.slice(0, 9),
      body.slice(9),
    );
    expect((await exchange(url, {})).text).toBe("hello, world");
  });

  it("reads a body that ends with the connection", async () => {
    expect((await exchange(await says("HTTP/1.1 200 OK\r\n\r\nall of it"), {})).text).toBe("all of it");
  });

  it("passes over 100 Continue and expects no body after HEAD and 204", async () => {
    const url = await says(
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
      "HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
    );
    const connection = await RawConnection.open(url);
    connection.send({ method: "HEAD" });
    connection.send({});
    connection.send({});
    const answers = [await connection.answer(), await connection.answer(), await connection.answer()];
    expect(answers.map(({ status, text }) => [status, text])).toEqual([
      [200, ""],
      [204, ""],
      [200, "ok"],
    ]);
    await connection.end();
    expect(connection.closed).toBe(true);
  });

  it("says so when the server hangs up in the middle", async () => {
    const url = await says("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
    await expect(exchange(url, {})).rejects.toThrow(ConnectionEnded);
  });
});
