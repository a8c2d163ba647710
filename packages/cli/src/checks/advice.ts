import { protectedResourceUrl } from "../discovery/well-known.js";
import type { Inspection } from "../inspection.js";

/** The challenge that this server should send to a request without a token, ready to paste. */
export async function challengeAdvice(inspection: Inspection, extra = ""): Promise<string> {
  const { chosen } = await inspection.metadata();
  const url = chosen?.url ?? protectedResourceUrl(inspection.resource);
  const scopes = chosen?.found?.scopes?.filter((scope) => scope !== "offline_access").join(" ");
  const scope = scopes === undefined || scopes === "" ? "your:scope" : scopes;
  return `WWW-Authenticate: Bearer realm="OAuth", resource_metadata="${url}", scope="${scope}"${extra}`;
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
