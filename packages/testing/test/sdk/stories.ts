import { jwt, type McpAuthzOptions } from "@mcp-authz/core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createTokenMint, type Mounted, type TokenMint } from "../../src/index.js";
import { type Connect, v1, v2Legacy, v2Newest } from "./clients.js";
import { Tools } from "./tools.js";

/** A way to serve these tools behind a gate with these options. */
export type Serve = (options: McpAuthzOptions, tools: Tools) => Promise<Mounted>;

const clients: Readonly<Record<string, Connect>> = {
  "SDK v1": v1,
  "SDK v2": v2Newest,
  "SDK v2 with the older protocols": v2Legacy,
};

/**
 * Declares what clients of both SDKs live through with a server.
 *
 * @param sessions to the protocols before 2026-07-28, a lost connection does not end what runs in a session
 */
export function clientStories(name: string, serve: Serve, { sessions = false } = {}): void {
  let mint: TokenMint;
  let server: Mounted;
  let tools: Tools;
  let close: (() => Promise<void>) | undefined;
  const connect = async (client: Connect, claims: Record<string, unknown> = {}) => {
    const connected = await client(server.url, mint.token(claims));
    close = connected.close;
    return connected;
  };

  describe(`${name}, to clients of the MCP SDKs`, () => {
    beforeAll(async () => {
      mint = await createTokenMint();
      tools = new Tools();
      const provider = jwt({ issuer: mint.issuer, jwksUri: mint.jwksUri });
      const policy = { baseline: "todo:read", tools: { whoami: [], echo: [], work: [], drop: "todo:write" } };
      server = await serve({ resource: "https://mcp.example.com/mcp", provider, policy }, tools);
    });
    afterEach(() => close?.().catch(() => {}));
    afterAll(async () => {
      await server.close();
      await mint.close();
    });

    describe.each(Object.entries(clients))("%s", (_, client) => {
      it("tells the tool who calls", async () => {
        const alice = await connect(client, { sub: "alice" });
        expect(await alice.call("whoami")).toBe("alice");
        await alice.close();
        const bob = await connect(client, { sub: "bob" });
        expect(await bob.call("whoami")).toBe("bob");
      });

      it("hands over the body that was authorized, of a size that body parsers refuse by default", async () => {
        const words = "naïve 東京 ".repeat(150_000);
        const { call } = await connect(client);
        expect(await call("echo", { words })).toBe(words);
      });

      it("asks for more scopes, and not for a tool that there is no rule for", async () => {
        const { call } = await connect(client);
        await expect(call("drop")).rejects.toThrow();
        await expect(call("unlisted")).rejects.toThrow();
        expect(await call("whoami")).toBe("user_1");
      });

      if (!sessions)
        it("aborts the tool when the client hangs up", async () => {
          const { call, close: hangUp } = await connect(client);
          const aborted = tools.aborted();
          call("work").catch(() => {});
          while (tools.running === 0) await new Promise(setImmediate);
          await hangUp();
          await aborted;
          expect(tools.running).toBe(0);
        });

      it("lets nobody in whose token has expired", async () => {
        await expect(client(server.url, mint.wrong("expired"))).rejects.toThrow();
      });
    });
  });
}
