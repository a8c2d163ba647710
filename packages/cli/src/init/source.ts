import type { Framework } from "./framework.js";

const mounts: Readonly<Record<Framework, string>> = {
  express: "app.use(authorization);",
  fastify: "await app.register(mcpAuthz, authorization);",
  hono: "app.use(authorization);",
  koa: "app.use(authorization);",
  node: "createServer((request, response) => authorization(request, response, () => yourHandler(request, response)));",
};

/** The line to add to the app. */
export function mountLine(framework: Framework): string {
  return mounts[framework];
}

/** The file with the five lines. Tools are open to any user who logged in until they name a scope. */
export function authorizationSource(framework: Framework, tools: readonly string[]): string {
  const from = framework === "node" ? "@mcp-authz/core/node" : `@mcp-authz/${framework}`;
  const options = `{
  resource: process.env.MCP_URL,
  provider: scalekit(), // SCALEKIT_ENVIRONMENT_URL, SCALEKIT_RESOURCE_ID
  policy: {
    // [] lets every user who logged in call the tool; "todo:write" asks for that scope. Tools that are not
    // listed here are closed.
    tools: {${tools.length === 0 ? "" : `\n${tools.map((tool) => `      ${/^[A-Za-z_]\w*$/.test(tool) ? tool : JSON.stringify(tool)}: [],`).join("\n")}\n    `}},
  },
}`;
  const value = framework === "fastify" ? options : `mcpAuthz(${options})`;
  const binding = framework === "fastify" ? "" : `import { mcpAuthz } from "${from}";\n`;
  const wanted = framework === "fastify" ? `import { mcpAuthz } from "${from}"; ` : "";
  return `${binding}import { scalekit } from "@mcp-authz/scalekit";

// Before your MCP route: ${wanted}${mountLine(framework)}
export const authorization = ${value};
`;
}

/** Names of tools that are registered with a literal name, as the MCP SDKs of both majors do. */
export function toolNamesIn(source: string): readonly string[] {
  const found = source.matchAll(/\.(?:registerTool|tool)\(\s*["'`]([\w.\-/]{1,128})["'`]/g);
  return [...new Set([...found].map((match) => match[1] ?? ""))];
}
