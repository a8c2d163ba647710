import { createServer } from "node:http";
import { jwt, LateDenial } from "@mcp-authz/core";
import { mcpAuthz } from "@mcp-authz/core/node";
import { createMcpHandler, McpServer } from "@modelcontextprotocol/server";

/** What the library is protected by, and from where its tokens come. */
export interface LibraryPlace {
  readonly port: number;
  readonly url: string;
  readonly environmentUrl: string;
  readonly resourceId: string;
}

export const libraryScopes: readonly string[] = ["loans:read", "loans:write", "loans:renew"];

const text = (words: string) => ({ content: [{ type: "text" as const, text: words }] });

const handler = createMcpHandler(() => {
  const server = new McpServer({ name: "library", version: "1.0.0" });
  server.registerTool("search", { description: "Search the catalogue" }, () => text("Moby-Dick"));
  server.registerTool("my_loans", { description: "What you have borrowed" }, () => text("one book, overdue"));
  server.registerTool("lend", { description: "Borrow a book" }, () => text("lent"));
  server.registerTool("renew", { description: "Renew every loan" }, (context) => {
    // Only now does it turn out that one of them is overdue, which takes more than renewing as such.
    const auth = context.http?.authInfo;
    if (auth?.scopes.includes("loans:renew") !== true) throw new LateDenial(auth, "loans:renew");
    return text("renewed");
  });
  return server;
});

/** A second server, for what one declaration does beside refusing: a public tool, filtered lists, a late denial. */
export async function startLibrary({
  port,
  url,
  environmentUrl,
  resourceId,
}: LibraryPlace): Promise<() => Promise<void>> {
  const gate = mcpAuthz({
    resource: url,
    provider: jwt({
      issuer: environmentUrl,
      jwksUri: `${environmentUrl}/keys`,
      authorizationServers: [`${environmentUrl}/resources/${resourceId}`],
      audience: resourceId,
    }),
    policy: {
      baseline: "loans:read",
      tools: { search: { public: true }, my_loans: "loans:read", lend: "loans:write", renew: "loans:read" },
    },
    lists: { filter: true },
    handler,
  });
  const server = createServer((request, response) => void gate(request, response));
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(() => resolve()));
  };
}
