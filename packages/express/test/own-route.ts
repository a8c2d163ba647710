import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import type { AuthInfo, McpHandler } from "@mcp-authz/core";

type Attached = IncomingMessage & { auth?: AuthInfo; body?: unknown };

/** A route of the application's own, which finds the caller and the body where the gate left them. */
export async function ownRoute(
  handler: McpHandler | undefined,
  { method = "GET", auth, body }: Attached,
  response: ServerResponse,
): Promise<void> {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  const request = new Request("http://localhost/mcp", { method, signal: gone.signal });
  const answer = await handler?.fetch(request, { ...(auth && { authInfo: auth }), parsedBody: body });
  for (const [name, value] of answer?.headers ?? [])
    name === "set-cookie" ? response.appendHeader(name, value) : response.setHeader(name, value);
  response.writeHead(answer?.status ?? 404).flushHeaders();
  if (answer?.body == null) response.end();
  else await pipeline(Readable.fromWeb(answer.body as ReadableStream), response).catch(() => {});
}
