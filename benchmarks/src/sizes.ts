import { type Bundle, bundle } from "./bundle.js";

export const core = {
  createGate: 'export { createGate } from "@mcp-authz/core"',
  "createGate and jwt": 'export { createGate, jwt } from "@mcp-authz/core"',
  "createGate, jwt and the binding for fetch":
    'export { jwt } from "@mcp-authz/core"; export { mcpAuthz } from "@mcp-authz/core/fetch"',
  "createGate, jwt and the binding for node:http":
    'export { jwt } from "@mcp-authz/core"; export { mcpAuthz } from "@mcp-authz/core/node"',
} as const;

/** `jose` is what core stands on. */
export function coreBundle(name: keyof typeof core): Promise<Bundle> {
  return bundle(core[name], ["jose"]);
}

export const bindings: readonly string[] = ["express", "fastify", "hono", "koa"];

/** A binding beside core, without its framework. */
export function bindingBundle(framework: string): Promise<Bundle> {
  return bundle(`export * from "@mcp-authz/${framework}"`, ["@mcp-authz/core", framework, "fastify-plugin"]);
}
