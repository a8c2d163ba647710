import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { TokenMint } from "@mcp-authz/testing";

/** An environment that publishes some of a mint's keys, and notes what it is asked. */
export interface Relay {
  readonly environmentUrl: string;
  readonly asked: { readonly url: string | undefined; readonly authorization: string | undefined }[];
  close(): void;
}

export async function relay(mint: TokenMint, published: (jwk: unknown) => boolean): Promise<Relay> {
  const asked: Relay["asked"] = [];
  const server = createServer(async ({ url, headers }, response) => {
    asked.push({ url, authorization: headers.authorization });
    const { keys } = (await (await fetch(mint.jwksUri)).json()) as { keys: unknown[] };
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ keys: keys.filter(published) }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { environmentUrl: `http://127.0.0.1:${port}`, asked, close: () => void server.close() };
}
