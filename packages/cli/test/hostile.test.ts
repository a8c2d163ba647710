import type { AddressInfo } from "node:net";
import { createServer as createTcpServer, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { type Report, table, verify } from "../src/index.js";
import { listen } from "./servers/listen.js";
import { startModelServer } from "./servers/model-server.js";

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

const limits = { requestTimeout: 300, timeLimit: 3000 };

function codes({ findings }: Report): readonly string[] {
  return findings.map(({ code }) => code);
}

/** A server that answers every connection with these bytes, HTTP or not. */
async function bytesServer(answer: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.once("data", () => answer(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
}

describe("a hostile server", () => {
  it("that never answers is reported as unreachable", async () => {
    const report = await verify({ url: await bytesServer(() => undefined), ...limits });
    expect(codes(report)).toEqual(["unreachable"]);
    expect(report.reached).toBe(false);
    expect(report.findings[0]?.seen).toContain("timed out");
  });

  it("that is not there is reported as unreachable", async () => {
    const report = await verify({ url: "http://127.0.0.1:1/mcp", ...limits });
    expect(codes(report)).toEqual(["unreachable"]);
    expect(report.hosts.every(({ connects }) => connects !== "yes")).toBe(true);
  });

  it("that answers once and then hangs is examined as far as the time limit allows", async () => {
    let answered = 0;
    const server = await listen((_request, response) => {
      if (answered++ < 2) response.writeHead(401, { "www-authenticate": 'Bearer realm="x"' }).end();
    });
    closers.push(server.close);
    const report = await verify({ url: `${server.origin}/mcp`, ...limits });
    expect(report.reached).toBe(true);
    expect(report.milliseconds).toBeLessThan(6000);
    expect(codes(report)).toContain("V33.skipped");
  });

  it("that sends a body without end is read up to the limit", async () => {
    const server = await listen((_request, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      const chunk = Buffer.alloc(64 * 1024, "[");
      const more = (): void => {
        while (!response.destroyed && response.write(chunk)) {}
      };
      response.on("drain", more);
      more();
    });
    closers.push(server.close);
    const report = await verify({
      url: `${server.origin}/mcp`,
      ...limits,
      requestTimeout: 2000,
      timeLimit: 15_000,
    });
    expect(codes(report)).toContain("open-without-token");
    expect(codes(report)).toContain("metadata-nowhere");
  });

  it("that redirects for ever is followed a few times", async () => {
    let count = 0;
    const server = await startModelServer({
      metadata: () => ({
        status: 302,
        headers: { location: `/.well-known/oauth-protected-resource?${count++}` },
      }),
    });
    closers.push(server.close);
    const report = await verify({ url: server.url, ...limits });
    const finding = report.findings.find(({ code }) => code === "metadata-nowhere");
    expect(finding?.seen).toContain("too many redirects");
  });

  it("that redirects its metadata to another origin is not followed there", async () => {
    const server = await startModelServer({
      metadata: () => ({ status: 302, headers: { location: "http://169.254.169.254/latest/meta-data" } }),
    });
    closers.push(server.close);
    const report = await verify({ url: server.url, ...limits });
    const finding = report.findings.find(({ code }) => code === "metadata-nowhere");
    expect(finding?.seen).toContain("169.254.169.254 is a link-local address");
  });

  it.each([
    "http://169.254.169.254/latest/meta-data",
    "file:///etc/passwd",
    "http://10.0.0.1/metadata",
    "https://[::ffff:169.254.169.254]/metadata",
    "https://2852039166/metadata",
  ])("whose challenge names %s is refused, not obeyed", async (url) => {
    const server = await startModelServer({
      withoutToken: () => ({
        status: 401,
        headers: { "www-authenticate": `Bearer resource_metadata="${url}"` },
      }),
    });
    closers.push(server.close);
    const report = await verify({ url: server.url, ...limits });
    expect(codes(report)).toContain("url-refused");
  });

  it("that speaks binary is reported as not HTTP", async () => {
    const url = await bytesServer((socket) => socket.end(Buffer.from([0, 1, 2, 255, 254, 13, 10, 13, 10])));
    const report = await verify({ url, ...limits });
    expect(codes(report)).toEqual(["unreachable"]);
    expect(report.findings[0]?.seen).toContain("not http");
  });

  it("that puts terminal escapes into its answers cannot write to the terminal", async () => {
    const escapes = "\u001b]0;owned\u0007\u001b[2J\u001b[31m";
    const server = await startModelServer({
      document: () => ({ resource: `${escapes}https://evil.example\u202e` }),
    });
    closers.push(server.close);
    const report = await verify({ url: server.url, ...limits });
    const printed = table(report, { color: false, width: 100 });
    expect(printed).toContain("https://evil.example");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
    expect(printed).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  });

  it("that echoes the token does not get it into the report", async () => {
    const server = await startModelServer({
      insufficient: () => ({ status: 403 }),
      first: ({ headers }, { challenge }) => {
        const token = headers.authorization?.slice(7) ?? "";
        if (!token.startsWith("eyJhbGciOiJSUzI1NiIsInR5cCI6ImF0K2p3dCIsImtpZCI6ImsxIn0")) return undefined;
        return { status: 401, headers: { "www-authenticate": `${challenge}, error_description="${token}"` } };
      },
    });
    closers.push(server.close);
    const token = server.authorizationServer.mint("todo:read", server.url);
    const report = await verify({ url: server.url, login: { kind: "token", token }, ...limits });
    expect(JSON.stringify(report)).toContain("<token>");
    expect(JSON.stringify(report)).not.toContain(token.slice(0, 80));
  });

  it("whose tools have names that a terminal would obey prints them harmlessly", async () => {
    const server = await startModelServer({ mcp: { toolName: "\u001b[2Jwipe" }, allowedScopes: "unchecked" });
    closers.push(server.close);
    const report = await verify({ url: server.url, login: { kind: "auto" }, ...limits });
    expect(report.matrix?.rows.map(({ tool }) => tool)).toEqual(["wipe"]);
  });

  it("whose documents have members of the wrong type is reported, not believed", async () => {
    const server = await startModelServer({
      document: () => ({ resource: 1, authorization_servers: "https://a", scopes_supported: { a: 1 } }),
    });
    closers.push(server.close);
    const report = await verify({ url: server.url, ...limits });
    expect(codes(report)).toEqual(expect.arrayContaining(["resource-missing", "no-authorization-server"]));
  });
});
