import { createHeadlessHost } from "@mcp-authz/testing";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import * as metadata from "../src/next/app/.well-known/oauth-protected-resource/[[...resource]]/route.js";
import * as mcp from "../src/next/app/mcp/route.js";
import type { Settings } from "../src/protected-server.js";
import { type Place, placeFor } from "./place.js";

type Handlers = Readonly<Record<string, unknown>>;

/** What Next.js does with route files: the path chooses the file, the method the export. */
async function route(request: Request, settings: Settings): Promise<Response> {
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
  const { pathname } = new URL(request.url);
  const handlers: Handlers | undefined = pathname.startsWith("/.well-known/oauth-protected-resource")
    ? metadata
    : pathname === "/mcp"
      ? mcp
      : undefined;
  if (handlers === undefined) return new Response(null, { status: 404 });
  const handler = handlers[request.method];
  if (typeof handler !== "function") return new Response(null, { status: 405 });
  return handler(request) as Promise<Response>;
}

describe("Next.js route handlers", () => {
  let place: Place;
  beforeAll(async () => {
    place = await placeFor(route);
  });
  afterAll(async () => {
    await place.close();
    vi.unstubAllEnvs();
  });

  test.each(["/.well-known/oauth-protected-resource/mcp", "/.well-known/oauth-protected-resource"])(
    "serve the metadata at %s",
    async (path) => {
      const response = await fetch(new URL(path, place.url));
      expect(response.status).toBe(200);
      expect(await response.json()).toMatchObject({ resource: place.url, scopes_supported: ["dice:roll"] });
    },
  );

  test.each([1, 2] as const)("serve a host on the MCP SDK v%i", async (version) => {
    const host = await createHeadlessHost({ url: place.url, version });
    await host.connect();
    const { structuredContent } = await host.callTool("roll_dice", { sides: 20 });
    expect(structuredContent).toEqual({ rolled: expect.any(Number), rolled_by: place.person });
    await host.close();
  });
});
