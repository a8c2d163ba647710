import type { Check } from "../check.js";
import type { ServerSearch } from "../discovery/authorization-server.js";
import { examined, type Problem, skipped } from "../finding.js";
import type { Inspection } from "../inspection.js";
import { isSuccess, jsonObject, stringOf, stringsOf, summary } from "../net/answer.js";

/** How a client that nobody registered can become known to an authorization server. */
export function registrationPaths(document: Readonly<Record<string, unknown>>): readonly string[] {
  const paths: string[] = [];
  if (document.client_id_metadata_document_supported === true) paths.push("Client ID Metadata Document");
  if (typeof document.registration_endpoint === "string") paths.push("dynamic client registration");
  return paths;
}

export const registrationCheck: Check = {
  id: "V17",
  title: "A host can become a client, and tokens can be verified",
  section: "MCP authorization, Client Registration Approaches",
  async examine(inspection) {
    const [server] = (await inspection.authorizationServers()).filter(
      ({ document }) => document !== undefined,
    );
    if (server?.document === undefined) return skipped("no authorization server metadata");
    const { document } = server;
    return examined(
      `registration: ${registrationPaths(document).join(", ") || "none"}`,
      ...registrationProblems(document),
      await keysProblem(inspection, server),
      document.authorization_response_iss_parameter_supported !== true && {
        code: "iss-not-advertised",
        severity: "info",
        seen: "authorization_response_iss_parameter_supported is not true",
        why: "Clients that talk to several authorization servers cannot tell whose answer they got (mix-up).",
        change:
          'Send iss in authorization responses and let the metadata say "authorization_response_iss_parameter_supported": true',
        section: "RFC 9207 §3",
      },
      stringsOf(document.grant_types_supported)?.includes("refresh_token") === false && {
        code: "refresh-not-supported",
        severity: "info",
        seen: `grant_types_supported: ${JSON.stringify(document.grant_types_supported)}`,
        why: "Users must log in again whenever the access token ends.",
        change: "Enable the refresh_token grant at the authorization server",
        section: "MCP authorization, Refresh Tokens",
      },
    );
  },
};

function registrationProblems(document: Readonly<Record<string, unknown>>): readonly (Problem | false)[] {
  const cimd = document.client_id_metadata_document_supported === true;
  const dcr = typeof document.registration_endpoint === "string";
  const methods = stringsOf(document.token_endpoint_auth_methods_supported);
  return [
    !cimd &&
      !dcr && {
        code: "no-registration",
        severity: "fail",
        seen: "neither client_id_metadata_document_supported nor registration_endpoint",
        why: "A host that was not registered by hand cannot log in.",
        change:
          "Enable Client ID Metadata Documents (in Scalekit: MCP server, 'Enable CIMD'), or give your users a client id",
      },
    !cimd &&
      dcr && {
        code: "registration-by-dcr-only",
        severity: "info",
        seen: "registration_endpoint without client_id_metadata_document_supported",
        why: "Dynamic registration is deprecated since MCP 2026-07-28; hosts prefer Client ID Metadata Documents.",
        change: "Enable Client ID Metadata Documents at the authorization server",
      },
    cimd &&
      methods?.includes("none") !== true && {
        code: "public-clients-not-advertised",
        severity: dcr ? "info" : "warn",
        seen: `token_endpoint_auth_methods_supported: ${JSON.stringify(methods) ?? "missing"}`,
        why: 'Claude uses a Client ID Metadata Document only when the method "none" is listed.',
        change: 'Let the metadata list "none" in token_endpoint_auth_methods_supported',
      },
  ];
}

async function keysProblem(
  inspection: Inspection,
  { document = {}, issuer }: ServerSearch,
): Promise<Problem | undefined> {
  const url = stringOf(document.jwks_uri);
  if (url === undefined) return undefined;
  const outcome = await inspection.fetch(
    { url, follow: true },
    { to: "authorization server", label: `GET ${URL.canParse(url) ? new URL(url).pathname : "jwks_uri"}` },
  );
  const keys = outcome.kind === "answer" && isSuccess(outcome) ? jsonObject(outcome)?.keys : undefined;
  if (Array.isArray(keys) && keys.length > 0) return undefined;
  return {
    code: "keys-not-found",
    severity: "warn",
    seen: `${issuer}: jwks_uri ${url}: ${summary(outcome)}`,
    why: "A server that verifies JWTs cannot get the keys.",
    change: "Publish a JWK set with at least one key at jwks_uri",
    section: "RFC 8414 §2; RFC 7517 §5",
  };
}
