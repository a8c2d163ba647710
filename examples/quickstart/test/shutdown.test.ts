import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { createTokenMint } from "@mcp-authz/testing";
import { describe, expect, test } from "vitest";
import { freePort } from "../src/ports.js";
import { frameworks, startTodoServer } from "../src/todo-server.js";

async function started(framework: (typeof frameworks)[number]) {
  const port = await freePort(0);
  const url = `http://127.0.0.1:${port}/mcp`;
  const mint = await createTokenMint({ audience: "res_todo" });
  const server = await startTodoServer({
    framework,
    port,
    url,
    environmentUrl: mint.issuer,
    resourceId: "res_todo",
  });
  return { url, mint, server };
}

describe.each(frameworks)("the todo server on %s", (framework) => {
  test("ends with 0 on SIGTERM", async () => {
    const { mint, server } = await started(framework);
    expect(await server.stop()).toBe(0);
    await mint.close();
  });

  test("ends with 0 on SIGTERM while somebody listens to a stream, and the stream ends", async () => {
    const { url, mint, server } = await started(framework);
    const response = await fetch(url, {
      method: "POST",
      headers: {
        Authorization: `Bearer ${mint.token({ scope: "todo:read" })}`,
        "Content-Type": "application/json",
        Accept: "application/json, text/event-stream",
        "MCP-Protocol-Version": "2026-07-28",
        "Mcp-Method": "subscriptions/listen",
      },
      body: JSON.stringify({
        jsonrpc: "2.0",
        id: 1,
        method: "subscriptions/listen",
        params: {
          _meta: {
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientCapabilities": {},
          },
          notifications: { toolsListChanged: true },
        },
      }),
    });
    expect(response.headers.get("content-type")).toMatch(/^text\/event-stream/);
    const [code] = await Promise.all([server.stop(), response.text().catch(() => "cut")]);
    expect(code).toBe(0);
    await mint.close();
  });

  test("ends with 1 and says what is missing when it is not configured", async () => {
    const program = fileURLToPath(new URL(`../../${framework}-todo/dist/server.js`, import.meta.url));
    const child = spawn(process.execPath, [program], { env: {}, stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
    const [code] = await once(child, "close");
    expect(code).toBe(1);
    expect(said).toBe(
      [
        "The todo server cannot start.",
        "  MCP_URL is not set: the public URL of the MCP endpoint, for example http://127.0.0.1:3002/mcp.",
        "  SCALEKIT_ENVIRONMENT_URL is not set: your Scalekit environment, for example https://acme.scalekit.dev.",
        "  SCALEKIT_RESOURCE_ID is not set: the MCP server's id in the Scalekit dashboard, which begins with res_.",
        "No Scalekit account at hand? `npm run quickstart` needs none.",
        "",
      ].join("\n"),
    );
  });
});
