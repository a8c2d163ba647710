import { createDevServer } from "@mcp-authz/dev-server";
import { freePort, listen } from "@mcp-authz/example-stage";
import { onNode } from "../src/node-adapter.js";
import type { Settings } from "../src/protected-server.js";

export interface Place {
  readonly url: string;
  /** Id of the person who logs in. */
  readonly person: string | undefined;
  close(): Promise<void>;
}

/** Serves on a socket, with an authorization server beside it. */
export async function placeFor(
  serve: (request: Request, settings: Settings) => Promise<Response>,
): Promise<Place> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/mcp`;
  const servers = [{ id: "res_dice", name: "Dice", url, scopes: ["dice:roll"] }];
  const dev = await createDevServer({ servers, banner: false });
  const settings = {
    MCP_URL: url,
    ISSUER: dev.url,
    AUTHORIZATION_SERVER: `${dev.url}/resources/res_dice`,
  };
  const server = await listen(
    onNode((request) => serve(request, settings), new URL(url).origin),
    port,
  );
  const close = async () => {
    await server.close();
    await dev.close();
  };
  return { url, person: dev.users[0]?.id, close };
}
