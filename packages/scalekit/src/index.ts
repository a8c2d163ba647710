/**
 * Scalekit as the authorization server of an MCP server.
 *
 * @module
 */
export type { ScalekitOptions } from "./options.js";
export { scalekit } from "./scalekit.js";
export type { ScalekitSdk } from "./sdk.js";
