import { createProtectedServer } from "../protected-server.js";

// Next.js has it on every runtime, its edge included.
declare const process: { readonly env: Readonly<Record<string, string | undefined>> };

let serving: ((request: Request) => Promise<Response>) | undefined;

/** One server for both routes, made with the first request: a build has no settings. */
export function serve(request: Request): Promise<Response> {
  const { MCP_URL = "", ISSUER = "", AUTHORIZATION_SERVER } = process.env;
  serving ??= createProtectedServer({ MCP_URL, ISSUER, AUTHORIZATION_SERVER });
  return serving(request);
}
