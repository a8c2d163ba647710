import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createTokenMint } from "@mcp-authz/testing";
import { expect, test } from "vitest";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

test.each(["server.ts", "todo-server.ts"])("the README shows %s word for word", async (name) => {
  const readme = await readFile(here("../../../README.md"), "utf8");
  const source = await readFile(here(`../src/${name}`), "utf8");
  expect(readme).toContain(`\`\`\`ts\n${source}\`\`\``);
});

test("what the README shows protects a server", { timeout: 30_000 }, async () => {
  const mint = await createTokenMint({ audience: "res_1" });
  const port = await freePort();
  // The one thing that cannot stay as it is: port 3000 may belong to somebody.
  const program = here("../dist/server-on-a-free-port.js");
  const built = await readFile(here("../dist/server.js"), "utf8");
  await writeFile(program, built.replace(/listen\((?:3000|3e3)\)/, `listen(${port}, "127.0.0.1")`));
  const server = spawn(process.execPath, [program], {
    env: { SCALEKIT_ENVIRONMENT_URL: mint.issuer, SCALEKIT_RESOURCE_ID: "res_1" },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const call = (token: string | undefined, name: string) =>
    fetch(`http://127.0.0.1:${port}/mcp`, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        Accept: "application/json, text/event-stream",
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify({
        jsonrpc: "2.0",
        id: 1,
        method: "tools/call",
        params: { name, arguments: { title: "Read the README" } },
      }),
    });
  try {
    const refused = await untilItListens(() => call(undefined, "list_todos"));
    expect(refused.status).toBe(401);
    expect(refused.headers.get("www-authenticate")).toBe(
      'Bearer realm="OAuth", resource_metadata="https://mcp.example.com/.well-known/oauth-protected-resource/mcp", scope="todo:read"',
    );
    const reader = mint.token({ sub: "usr_1", scope: "todo:read" });
    const writer = mint.token({ sub: "usr_1", scope: "todo:write" });
    const stranger = mint.token({ sub: "usr_2", scope: "todo:write" });
    expect((await call(reader, "create_todo")).status).toBe(403);
    expect((await call(writer, "create_todo")).status).toBe(200);
    expect(await (await call(reader, "list_todos")).text()).toContain("Read the README");
    expect(await (await call(stranger, "list_todos")).text()).not.toContain("Read the README");
  } finally {
    server.kill();
    await once(server, "exit");
    await rm(program);
    await mint.close();
  }
});

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  return typeof address === "object" && address !== null ? address.port : 0;
}

async function untilItListens(attempt: () => Promise<Response>): Promise<Response> {
  for (let attempts = 0; attempts < 100; attempts += 1) {
    const response = await attempt().catch(() => undefined);
    if (response !== undefined) return response;
    await sleep(100);
  }
  throw new Error("The server did not start");
}
