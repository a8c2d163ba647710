import { jwt } from "@mcp-authz/core";
import { mcpAuthz } from "@mcp-authz/core/fetch";
import { createDiceHandler, policy } from "./dice-server.js";

/** What a platform says about the place where the server runs. */
export interface Settings {
  /** Public URL of the MCP endpoint. */
  readonly MCP_URL: string;
  /** `iss` of the tokens. */
  readonly ISSUER: string;
  /** Where clients are sent, when that is not the issuer. */
  readonly AUTHORIZATION_SERVER?: string | undefined;
}

/** The protected server as a function from a request to its response. Make it once, not for each request: it keeps the keys. */
export function createProtectedServer({
  MCP_URL: resource,
  ISSUER: issuer,
  AUTHORIZATION_SERVER: server,
}: Settings): (request: Request) => Promise<Response> {
  const provider = jwt({ issuer, ...(server ? { authorizationServers: [server] } : {}) });
  return mcpAuthz({ resource, provider, policy, handler: createDiceHandler() });
}
