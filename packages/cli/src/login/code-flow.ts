import {
  type AuthorizationServer,
  authorizationCodeGrantRequest,
  calculatePKCECodeChallenge,
  generateRandomCodeVerifier,
  generateRandomState,
  processAuthorizationCodeResponse,
  validateAuthResponse,
} from "oauth4webapi";
import type { Inspection } from "../inspection.js";
import type { Answer } from "../net/answer.js";
import type { ClientIdentity } from "./client-identity.js";
import type { Discovered } from "./discovery.js";
import { LoginFault } from "./fault.js";
import type { Grant } from "./grant.js";
import { requestOptions } from "./oauth-fetch.js";
import { split } from "./scopes.js";

/** Opens an authorization URL and gives the parameters with which the user came back. */
export type Visit = (url: URL) => Promise<URLSearchParams>;

/** The authorization code flow with PKCE, state, RFC 8707 resource on both legs and the RFC 9207 check of iss. */
export async function codeFlow(
  inspection: Inspection,
  { server, resource }: Discovered,
  identity: ClientIdentity,
  scopes: readonly string[],
  redirectUri: string,
  visit: Visit,
): Promise<Grant> {
  const verifier = generateRandomCodeVerifier();
  const state = generateRandomState();
  const url = authorizationUrl(inspection, server);
  const query: Readonly<Record<string, string>> = {
    response_type: "code",
    client_id: identity.client.client_id,
    redirect_uri: redirectUri,
    state,
    code_challenge: await calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    resource,
    ...(scopes.length === 0 ? {} : { scope: scopes.join(" ") }),
    // Refresh tokens need consent each time (OpenID Connect Core §11).
    ...(scopes.includes("offline_access") ? { prompt: "consent" } : {}),
  };
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const returned = await visit(url);
  const parameters = validated(server, identity, returned, state);
  const answers: Answer[] = [];
  const options = requestOptions(inspection, "POST token", (answer) => answers.push(answer));
  const response = await authorizationCodeGrantRequest(
    server,
    identity.client,
    identity.authentication,
    parameters,
    redirectUri,
    verifier,
    { ...options, additionalParameters: { resource } },
  );
  const token = await processAuthorizationCodeResponse(server, identity.client, response);
  const [answer] = answers;
  return {
    token: token.access_token,
    requested: scopes,
    scopes: token.scope === undefined ? scopes : split(token.scope),
    issuer: server.issuer,
    resource,
    issued: returned.has("iss"),
    clientBy: identity.by,
    ...(token.expires_in === undefined ? {} : { expiresIn: token.expires_in }),
    ...(answer === undefined ? {} : { response: answer }),
  };
}

/** The endpoint as URL that may be handed to a browser: nothing but https, or http on loopback. */
function authorizationUrl(inspection: Inspection, server: AuthorizationServer): URL {
  const endpoint = server.authorization_endpoint ?? "";
  const refused = inspection.refuses(endpoint);
  if (refused === undefined) return new URL(endpoint);
  throw new LoginFault({
    code: "login-endpoint-refused",
    seen: `authorization_endpoint ${JSON.stringify(endpoint)}: ${refused}`,
    why: "A client opens this URL in the user's browser and must refuse anything but https.",
    change: "Let the authorization server's metadata name an https URL",
    section: "MCP security best practices, OAuth Authorization URL Validation",
  });
}

/** RFC 9207: present and different, or promised and absent, ends the login; nothing else of the answer is used. */
function validated(
  server: AuthorizationServer,
  identity: ClientIdentity,
  returned: URLSearchParams,
  state: string,
): URLSearchParams {
  const iss = returned.get("iss");
  const promised = server.authorization_response_iss_parameter_supported === true;
  if ((iss !== null && iss !== server.issuer) || (iss === null && promised)) {
    throw new LoginFault({
      code: "login-iss-mismatch",
      seen: `authorization response with iss ${JSON.stringify(iss)}, expected "${server.issuer}"`,
      why: "The answer may come from another authorization server (mix-up); clients must drop it.",
      change: `Send iss=${server.issuer}, byte for byte, in every authorization response`,
      section: "RFC 9207 §2.4",
    });
  }
  return validateAuthResponse(server, identity.client, returned, state);
}
