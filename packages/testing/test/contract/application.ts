import type { IncomingMessage, ServerResponse } from "node:http";
import type { AuthInfo, McpAuthzOptions, McpHandler } from "@mcp-authz/core";
import { mcpAuthz } from "@mcp-authz/core/node";
import type { ContractTarget } from "../../src/index.js";
import { listen } from "./mounts.js";

type Seen = IncomingMessage & { auth?: AuthInfo; body?: unknown };

/** An application that routes by itself, as carelessly as frameworks do, and has put the gate before its routes. */
function guarded({
  handler,
  ...options
}: McpAuthzOptions): (request: Seen, response: ServerResponse) => void {
  const guard = mcpAuthz(options);
  return (request, response) => {
    void guard(request, response, () => {
      const path = new URL(request.url ?? "/", "http://localhost").pathname.toLowerCase();
      if (path === "/mcp" || path === "/mcp/") void serve(handler as McpHandler, request, response);
      else response.writeHead(404).end();
    });
  };
}

async function serve(handler: McpHandler, request: Seen, response: ServerResponse): Promise<void> {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  const { method = "GET", auth, body } = request;
  const {
    status,
    headers,
    body: answer,
  } = await handler.fetch(new Request("http://localhost/mcp", { method, signal: gone.signal }), {
    ...(auth === undefined ? {} : { authInfo: auth }),
    parsedBody: body,
  });
  response.statusCode = status;
  for (const [name, value] of headers)
    if (name === "set-cookie") response.appendHeader(name, value);
    else response.setHeader(name, value);
  response.flushHeaders();
  if (answer !== null) for await (const chunk of answer) response.write(chunk);
  response.end();
}

async function parse(request: Seen): Promise<unknown> {
  if (request.method !== "POST" || request.headers["content-type"] !== "application/json") return undefined;
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += chunk;
  return JSON.parse(text);
}

export const ownRoute: ContractTarget = {
  name: "node:http before a route of the application's own",
  servedBy: "application",
  mount: (options) => listen(guarded(options)),
};

export const ownParser: ContractTarget = {
  name: "node:http behind the application's own body parser",
  servedBy: "application",
  bodiesReadBy: "application",
  mount(options) {
    const serve = guarded(options);
    return listen((request: Seen, response) => {
      parse(request).then(
        (body) => {
          request.body = body;
          serve(request, response);
        },
        () => response.writeHead(400, { "Content-Type": "text/html" }).end("<h1>Bad Request</h1>"),
      );
    });
  },
};
