// What each package adds to a program, minified and gzipped, without the packages that it stands on.
// Budgets are ratchets: lower them when a bundle has become smaller, and raise none without saying why.

const core = ["@mcp-authz/core"];
const tools = [
  "@bufbuild/*",
  "@connectrpc/*",
  "@mcp-authz/*",
  "@modelcontextprotocol/*",
  "@scalekit-sdk/node",
  "commander",
  "jose",
  "oauth4webapi",
  "oidc-provider",
];

export default [
  budget("core: createGate", "18 KiB", "core/dist/index.js", ["jose"], "{ createGate }"),
  budget("core: createGate and jwt", "24 KiB", "core/dist/index.js", ["jose"], "{ createGate, jwt }"),
  budget("core: the binding for fetch", "19.5 KiB", "core/dist/fetch.js", ["jose"]),
  budget("core: the binding for node:http", "21 KiB", "core/dist/node.js", ["jose"]),
  budget("express", "1 KiB", "express/dist/index.js", [...core, "express"]),
  budget("fastify", "1 KiB", "fastify/dist/index.js", [...core, "fastify", "fastify-plugin"]),
  budget("hono", "1 KiB", "hono/dist/index.js", [...core, "hono"]),
  budget("koa", "1 KiB", "koa/dist/index.js", [...core, "koa"]),
  budget("scalekit", "6 KiB", "scalekit/dist/index.js", [...core, "@scalekit-sdk/node"]),
  budget("testing", "42 KiB", "testing/dist/index.js", tools),
  budget("dev-server", "44 KiB", "dev-server/dist/index.js", tools),
  budget("mcp-authz", "54 KiB", "cli/dist/cli.js", tools),
];

function budget(name, limit, path, without, what = "*") {
  return {
    name,
    limit,
    path: `packages/${path}`,
    import: what,
    ignore: without,
    gzip: true,
    modifyEsbuildConfig: (config) => ({
      ...config,
      // What runs on Node takes Node's own modules from it.
      platform: "node",
      format: "esm",
      // Silent on what only says that our packages have no side effects.
      logLevel: "error",
    }),
  };
}
