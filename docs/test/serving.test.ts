import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { createDevServer } from "@mcp-authz/dev-server";
import { createHeadlessHost } from "@mcp-authz/testing";
import { expect, test } from "vitest";
import { pages } from "./pages.js";
import { pathOf, type Snippet, snippetsOf } from "./snippets.js";

const servers = pages()
  .flatMap(snippetsOf)
  .filter(({ use }) => use === "serves");

test.each(servers.map((server) => [`${server.page.path}:${server.lines[0]}`, server] as const))(
  "an MCP client logs in, steps up and is served by the server at %s",
  async (_, server) => {
    const port = await freePort();
    const mcp = `http://localhost:${port}/mcp`;
    const dev = await createDevServer({
      banner: false,
      approve: "auto",
      servers: [{ name: "Todo", url: mcp, scopes: ["todo:read", "todo:write"] }],
    });
    const child = spawn(process.execPath, [programOn(port, server)], {
      env: { ...process.env, MCP_URL: mcp, ISSUER: dev.servers[0]?.issuer, ...dev.servers[0]?.env },
      stdio: ["ignore", "ignore", "inherit"],
    });
    try {
      await untilItListens(mcp);
      const host = await createHeadlessHost({ url: mcp, version: 2 });
      await host.connect();
      expect(host.scope?.split(" ")).not.toContain("todo:write");
      const created = await host.callTool("create_todo", { title: "Read the guide" });
      expect(created.isError ?? false).toBe(false);
      expect(host.scope?.split(" ")).toContain("todo:write");
      expect(JSON.stringify(await host.callTool("list_todos"))).toContain("Read the guide");
      await host.close();
    } finally {
      child.kill();
      await once(child, "exit");
      await dev.close();
    }
  },
);

/** The one thing that cannot stay as it is: port 3000 may belong to somebody. */
function programOn(port: number, server: Snippet): string {
  const path = pathOf(server, "js").replace(/\.js$/, "-on-a-free-port.js");
  writeFileSync(path, readFileSync(pathOf(server, "js"), "utf8").replaceAll("3000", String(port)));
  return path;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  return typeof address === "object" && address !== null ? address.port : 0;
}

async function untilItListens(url: string): Promise<void> {
  for (let attempts = 0; attempts < 300; attempts += 1) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer !== undefined) return;
    await sleep(100);
  }
  throw new Error("The server did not start");
}
