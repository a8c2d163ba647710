import { protectedResourceUrl } from "../discovery/well-known.js";
import type { Inspection } from "../inspection.js";

/** The challenge that this server should send to a request without a token, ready to paste. */
export async function challengeAdvice(inspection: Inspection, extra = "", scope?: string): Promise<string> {
  const { chosen } = await inspection.metadata();
  const url = chosen?.url ?? protectedResourceUrl(inspection.resource);
  const scopes = chosen?.found?.scopes?.filter((scope) => scope !== "offline_access").join(" ");
  const named = scope ?? (scopes === undefined || scopes === "" ? "your:scope" : scopes);
  return `WWW-Authenticate: Bearer realm="OAuth", resource_metadata="${url}", scope="${named}"${extra}`;
}

/** How a tool refuses a token that lacks a scope, ready to paste; `scope` is all that the client should ask for. */
export async function stepUpAdvice(inspection: Inspection, tool: string, scope: string): Promise<string> {
  const error = ', error="insufficient_scope", error_description="More permissions are needed"';
  return `answer calls of ${tool} with 403 and ${await challengeAdvice(inspection, error, scope)}`;
}

/** A minimal protected resource metadata document for this server, ready to paste. */
export async function metadataAdvice(inspection: Inspection): Promise<string> {
  const found = (await inspection.metadata()).candidates.find((candidate) => candidate.found)?.found;
  return JSON.stringify({
    resource: inspection.resource,
    authorization_servers: found?.authorizationServers.length
      ? found.authorizationServers
      : ["https://<your authorization server's issuer>"],
    scopes_supported: found?.scopes?.length ? found.scopes : ["your:scope"],
    bearer_methods_supported: ["header"],
  });
}
