import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { command, type Ended } from "./command.js";
import { type ModelServer, startModelServer } from "./servers/model-server.js";

let folder: string;
let server: ModelServer | undefined;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mcp-authz-"));
});
afterEach(async () => {
  await server?.close();
  server = undefined;
});
afterAll(() => rm(folder, { recursive: true }));

const run = (...parameters: readonly string[]): Promise<Ended> => command(parameters, { cwd: folder });

describe("the command line", () => {
  it("exits 0 for a server without faults and says what it checks, line by line, where there is no terminal", async () => {
    server = await startModelServer();
    const { code, out, err } = await run("verify", server.url);
    expect(code).toBe(0);
    expect(out).toContain("0 failed, 0 warnings");
    expect(err).toContain("checking V2 ");
  });

  it("exits 1 when a check fails, and with --strict for a warning, too", async () => {
    server = await startModelServer({ checksOrigin: false });
    expect((await run("verify", server.url, "--quiet")).code).toBe(1);
    await server.close();
    server = await startModelServer({ exposes: false });
    expect((await run("verify", server.url, "--quiet")).code).toBe(0);
    expect((await run("verify", server.url, "--quiet", "--strict")).code).toBe(1);
  });

  it.each([
    [["verify", "nonsense"], "must be an absolute http or https URL"],
    [["verify", "--nonsense"], "unknown option"],
    [["verify", "http://127.0.0.1:1/mcp", "--timeout", "x"], "no number of seconds"],
    [["verify", "http://127.0.0.1:1/mcp", "--login-only"], "--login-only needs a way to log in"],
    [["verify", "http://127.0.0.1:1/mcp", "--token2", "x"], "--token2 needs a way to log in"],
    [["verify", "http://127.0.0.1:1/mcp", "--client-id", "x"], "--client-secret or --client-key"],
    [["verify", "http://127.0.0.1:1/mcp", "--token", "a b"], "no bearer token has"],
    [["verify", "http://127.0.0.1:1/mcp", "--start", "x"], "not both"],
    [["verify", "http://127.0.0.1:1/mcp", "--only", "V5,V99"], "no check is named V99"],
    [["verify", "http://127.0.0.1:1/mcp", "--only", ","], "names no check"],
    [["verify", "http://127.0.0.1:1/mcp", "--need", "a=b"], "--need goes with --start"],
    [["verify", "--start", "x", "--auto"], "--auto goes with a URL"],
    [["verify", "http://127.0.0.1:1/mcp", "--json", "--sarif"], "only one report can go to standard output"],
    [
      ["verify", "http://127.0.0.1:1/mcp", "--html", "nowhere/a.html"],
      "--html: nowhere/a.html cannot be written",
    ],
    [
      ["verify", "--json", "http://127.0.0.1:1/mcp"],
      "write the URL first: verify http://127.0.0.1:1/mcp --json",
    ],
    [["verify", "http://127.0.0.1:1/mcp", "--html", "."], "--html: EISDIR"],
  ])("exits 2 for %j", async (parameters, message) => {
    const { code, out, err } = await run(...parameters);
    expect(err).toContain(message);
    expect(err).not.toMatch(/^ +at /m);
    expect(out).toBe("");
    expect(code).toBe(2);
  });

  it("exits 2 when the server cannot be reached", async () => {
    const { code, out } = await run("verify", "http://127.0.0.1:1/mcp", "--quiet");
    expect(out).toContain("ECONNREFUSED");
    expect(code).toBe(2);
  });

  it("says which version it is", async () => {
    expect((await run("--version")).out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it("says what it did not examine for want of a token", async () => {
    server = await startModelServer();
    expect((await run("verify", server.url)).err).toContain("not examined: what needs a token");
    expect((await run("verify", server.url, "--auto")).err).not.toContain("not examined");
  });

  it("carries out chosen checks alone, and logs in when they need a token", async () => {
    server = await startModelServer();
    const { out } = await run("verify", server.url, "--quiet", "--auto", "--only", "v5,V22");
    expect(out.match(/^. pass .*$/gm)?.map((line) => line.slice(7, 10))).toEqual(["V5 ", "V32", "V22"]);
    expect(out).not.toContain("Would it connect?");
  });

  it("finds the URL in the project and says where", async () => {
    server = await startModelServer();
    await writeFile(join(folder, ".env"), `MCP_URL=${server.url}\n`);
    const { code, out, err } = await run("verify", "--quiet");
    expect(err).toContain(`examining ${server.url}, found in .env:1 (MCP_URL)`);
    expect(out).toContain("found in .env:1 (MCP_URL)");
    expect(code).toBe(0);
    await rm(join(folder, ".env"));
  });

  it("writes several reports at once", async () => {
    server = await startModelServer();
    const files = ["--sarif", "a.sarif", "--junit", "a.xml", "--html", "a.html"];
    const { out } = await run("verify", server.url, "--quiet", "--json", ...files);
    expect(JSON.parse(out).url).toBe(server.url);
    expect(JSON.parse(await readFile(join(folder, "a.sarif"), "utf8")).version).toBe("2.1.0");
    expect(await readFile(join(folder, "a.xml"), "utf8")).toContain("<testsuites");
    expect(await readFile(join(folder, "a.html"), "utf8")).toContain("<!doctype html>");
  });

  it("logs in without a browser where the authorization server approves by itself", async () => {
    server = await startModelServer();
    const { code, out } = await run("verify", server.url, "--auto", "--quiet", "--tool", "create_todo");
    expect(out).toContain("create_todo: 1 insufficient_scope, 2 allowed");
    expect(code).toBe(0);
  });

  it("keeps a token that came by the environment out of its output", async () => {
    server = await startModelServer();
    const token = server.authorizationServer.mint("todo:read", server.url);
    const { out, err } = await run("verify", server.url, "--json", "--token", token);
    expect(JSON.parse(out).findings.find(({ check }: { check: string }) => check === "V32").outcome).toBe(
      "pass",
    );
    expect(`${out}${err}`).not.toContain(token);
  });
});
