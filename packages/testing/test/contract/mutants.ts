import type { IncomingMessage, ServerResponse } from "node:http";
import type { AuthInfo, McpAuthzOptions, McpHandler } from "@mcp-authz/core";
import { mcpAuthz } from "@mcp-authz/core/node";
import type { ContractTarget, Mounted } from "../../src/index.js";
import { listen } from "./mounts.js";

type Serve = (request: IncomingMessage, response: ServerResponse) => unknown;

const mutant = (name: string, change: (options: McpAuthzOptions) => Promise<Mounted>): ContractTarget => ({
  name,
  mount: change,
});

/** Serves with the gate, after something has been done to the request or the response. */
const before = (options: McpAuthzOptions, spoil: Serve): Promise<Mounted> => {
  const serve = mcpAuthz(options);
  return listen((request, response) => {
    if (spoil(request, response) !== "served") void serve(request, response);
  });
};

/** Calls the handler as if a gate had let the request through. */
async function bypass(
  handler: McpHandler,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += chunk;
  const body = text === "" ? undefined : (JSON.parse(text) as unknown);
  const answer = await handler.fetch(new Request("http://localhost/mcp", { method: "POST" }), {
    parsedBody: body,
  });
  response.writeHead(answer.status, { "content-type": "application/json" }).end(await answer.text());
}

/** Exempts whatever looks like metadata: `path.includes(".well-known")`. */
export const exemptsWellKnown: ContractTarget = mutant("exempts what looks like metadata", (options) =>
  before(options, (request, response) => {
    const url = request.url ?? "";
    if (!url.includes(".well-known") || url.startsWith("/.well-known/oauth-protected-resource")) return;
    if (request.method !== "POST") return;
    void bypass(options.handler as McpHandler, request, response);
    return "served";
  }),
);

/** Sees the headers as an object, in which the first of two wins. */
export const hidesDuplicates: ContractTarget = mutant("hides duplicate headers", (options) =>
  before(options, (request) => {
    const lines = Object.entries(request.headers).flatMap(([name, value]) => [
      name,
      [value].flat()[0] as string,
    ]);
    request.rawHeaders = lines;
  }),
);

const wrapped = (options: McpAuthzOptions, fetch: McpHandler["fetch"]): Promise<Mounted> =>
  listen(mcpAuthz({ ...options, handler: { fetch } }));

/** Builds the handler's request without a signal. */
export const neverAborts: ContractTarget = mutant("never aborts", (options) =>
  wrapped(options, async (request, context) => {
    const { method, url, headers } = request;
    return (options.handler as McpHandler).fetch(new Request(url, { method, headers }), context);
  }),
);

/** Keeps the caller in a variable of the module. */
export const sharesCaller: ContractTarget = mutant("shares the caller between requests", (options) => {
  let caller: AuthInfo | undefined;
  return wrapped(options, async (request, context = {}) => {
    caller = context.authInfo;
    await new Promise(setImmediate);
    return (options.handler as McpHandler).fetch(request, {
      ...context,
      ...(caller ? { authInfo: caller } : {}),
    });
  });
});

/** Lets a connection in for good. */
export const remembersConnection: ContractTarget = mutant("remembers connections", (options) => {
  const known = new WeakMap<object, string>();
  return before(options, (request) => {
    const { authorization } = request.headers;
    if (authorization !== undefined) known.set(request.socket, authorization);
    const remembered = known.get(request.socket);
    if (authorization === undefined && remembered !== undefined)
      request.rawHeaders.push("Authorization", remembered);
  });
});

/** Says on the wire where the request was sent. */
export const believesHost: ContractTarget = mutant("believes the Host header", (options) =>
  before(options, (request, response) => {
    const setHeader = response.setHeader.bind(response);
    const host = request.headers["x-forwarded-host"] ?? request.headers.host ?? "";
    const replace = (value: unknown) => String(value).replaceAll("mcp.example.com", String(host));
    response.setHeader = (name, value) =>
      setHeader(name, name === "WWW-Authenticate" ? replace(value) : value);
  }),
);

/** Hands on what it has made of the body, not what was decided about. */
export const rewritesBody: ContractTarget = mutant("parses the body a second time", (options) =>
  wrapped(options, async (request, context = {}) => {
    const text = JSON.stringify(context.parsedBody)?.replaceAll("ü", "ue");
    const parsedBody: unknown = text === undefined ? undefined : JSON.parse(text);
    return (options.handler as McpHandler).fetch(request, { ...context, parsedBody });
  }),
);
