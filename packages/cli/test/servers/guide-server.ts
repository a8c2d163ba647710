import { createServer } from "node:http";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { Scalekit } from "@scalekit-sdk/node";
import express, { type NextFunction, type Request, type Response } from "express";
import { z } from "zod";
import type { AuthorizationServer } from "./authorization-server.js";
import { running } from "./listen.js";
import type { SampleOptions, Verification } from "./mending.js";

export interface SampleServer {
  readonly url: string;
  close(): Promise<void>;
}

/** A todo server of the SDK's, one per request, behind whatever guard the caller has mounted. */
export async function serveTodos(request: Request, response: Response): Promise<void> {
  const server = new McpServer({ name: "todos", version: "1.0.0" });
  server.registerTool("list_todos", { inputSchema: {} }, () => ({ content: [{ type: "text", text: "[]" }] }));
  server.registerTool("create_todo", { inputSchema: { title: z.string().optional() } }, () => ({
    content: [{ type: "text", text: "created" }],
  }));
  const transport = new StreamableHTTPServerTransport({ enableJsonResponse: true });
  response.on("close", () => void transport.close());
  await server.connect(transport as Parameters<McpServer["connect"]>[0]);
  await transport.handleRequest(request, response, request.body);
}

/**
 * The guide's sample server, steps 3 to 5, as a reader would type it: Express, the metadata at the root, the
 * middleware with its test for `.well-known`, the scope check inside. The handler is mounted with `app.use`.
 */
export async function startGuideServer(
  { issuer }: Pick<AuthorizationServer, "issuer">,
  { at, mend }: SampleOptions = {},
): Promise<SampleServer> {
  const app = express();
  const { origin: bound, close } = await running(createServer(app), at?.port);
  const resource = at?.resource ?? `${bound}/mcp`;
  const { origin } = new URL(resource);
  const mending = mend?.({ origin, resource, issuer }) ?? {};
  const scalekit = new Scalekit(issuer, "skc_test", "secret");
  const own: Verification = (token, scopes) =>
    scalekit.validateToken(token, {
      audience: [resource],
      ...(scopes === undefined ? {} : { requiredScopes: [...scopes] }),
    });
  const verify = mending.verification?.(own) ?? own;
  const challenge = `Bearer realm="OAuth", resource_metadata="${origin}/.well-known/oauth-protected-resource"`;
  mending.front?.(app);

  app.get("/.well-known/oauth-protected-resource", (_request, response) => {
    response.json({
      authorization_servers: [issuer],
      bearer_methods_supported: ["header"],
      resource,
      resource_documentation: `${origin}/docs`,
      scopes_supported: ["todo:read", "todo:write"],
    });
  });

  const tokenOf = ({ headers: { authorization: header } }: Request): string | null | undefined => {
    if (mending.bearer !== undefined) return mending.bearer.exec(header ?? "")?.[1];
    return header?.startsWith("Bearer ") ? header.split("Bearer ")[1]?.trim() : null;
  };
  const authMiddleware = async (request: Request, response: Response, next: NextFunction): Promise<void> => {
    try {
      if (!mending.guardsHandler && request.path.includes(".well-known")) return next();
      const token = tokenOf(request);
      if (!token) throw new Error("Missing or invalid Bearer token");
      await verify(token);
      next();
    } catch {
      response.status(401).set("WWW-Authenticate", challenge).end();
    }
  };
  app.use(
    mending.guardsHandler ? "/mcp" : "/",
    (request, response, next) => void authMiddleware(request, response, next),
  );
  app.use(express.json());
  if (mending.behind !== undefined) app.use("/mcp", mending.behind);
  app.use("/mcp", (request, response, next) => {
    const body: unknown = request.body;
    const call = body as { method?: string; params?: { name?: string } } | undefined;
    if (call?.method !== "tools/call" || call.params?.name !== "create_todo") return next();
    verify(tokenOf(request) ?? "", ["todo:write"]).then(
      () => next(),
      () =>
        response.status(403).json({
          error: "insufficient_scope",
          error_description: "Required scope: todo:write",
          scope: "todo:write",
        }),
    );
  });
  app.use("/mcp", (request, response) => void serveTodos(request, response));
  return { url: resource, close };
}
