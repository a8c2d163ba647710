import "./prelude.js";
import { expect, test, vi } from "vitest";
import { folder } from "./snippets.js";

const page = `${folder}docs-writing-a-binding/`;
const call = (url: string): Request =>
  new Request(url, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" }),
  });

test("the Next.js routes serve the challenge and the document that it names", async () => {
  vi.stubEnv("SCALEKIT_ENVIRONMENT_URL", "https://acme.scalekit.dev");
  vi.stubEnv("SCALEKIT_RESOURCE_ID", "res_92015146095");
  const { route } = (await import(`${page}mcp.js`)) as { route(request: Request): Promise<Response> };
  const refused = await route(call("https://app.example.com/mcp"));
  expect(refused.status).toBe(401);
  const [, url = ""] =
    /resource_metadata="([^"]+)"/.exec(refused.headers.get("www-authenticate") ?? "") ?? [];
  expect(await (await route(new Request(url))).json()).toMatchObject({
    resource: "https://app.example.com/mcp",
  });
});

test("the worker refuses, and serves what is not its endpoint", async () => {
  const source = (await import("./pages.js"))
    .pages()
    .find(({ path }) => path === "docs/writing-a-binding.md");
  const { snippetsOf, pathOf } = await import("./snippets.js");
  const snippet = source && snippetsOf(source).find(({ code }) => code.includes("interface Env"));
  if (snippet === undefined) throw new Error("The worker is not on the page any more");
  const { default: worker } = (await import(pathOf(snippet, "js"))) as {
    default: { fetch(request: Request, env: object): Promise<Response> };
  };
  const env = { MCP_URL: "https://mcp.example.com/mcp", ISSUER: "https://id.example.com" };
  expect((await worker.fetch(call(env.MCP_URL), env)).status).toBe(401);
  expect(await (await worker.fetch(new Request("https://mcp.example.com/"), env)).text()).toBe("Hello");
});

test("nothing gets past the binding without a token", async () => {
  const { mcpAuthz } = (await import(`${page}binding.js`)) as {
    mcpAuthz(
      options: object,
    ): (request: Request, next: (request: Request) => Promise<Response>) => Promise<Response>;
  };
  const gate = mcpAuthz({ resource, provider, policy });
  const next = vi.fn(async () => new Response("served"));
  expect((await gate(call(resource), next)).status).toBe(401);
  expect(next).not.toHaveBeenCalled();
  expect(await (await gate(new Request("https://mcp.example.com/"), next)).text()).toBe("served");
});
