import { type AuthorizationServer, type Client, type ClientAuth, ClientSecretPost, None } from "oauth4webapi";
import type { Inspection } from "../inspection.js";
import { isSuccess, jsonObject, stringOf, summary } from "../net/answer.js";
import { printable } from "../net/printable.js";
import { clientSecretBasic } from "./client-secret-basic.js";
import { LoginFault } from "./fault.js";
import type { LoginMethod } from "./method.js";

/** Who the client is at one authorization server. Never used at another (MCP 2026-07-28, Authorization Server Binding). */
export interface ClientIdentity {
  readonly client: Client;
  readonly authentication: ClientAuth;
  /** How it came about, for the report. */
  readonly by: "registered beforehand" | "Client ID Metadata Document" | "dynamic client registration";
}

type Interactive = Extract<LoginMethod, { readonly kind: "browser" | "auto" }>;

/** Identifies the client in the order of MCP 2026-07-28: registered beforehand, metadata document, registration. */
export async function identify(
  inspection: Inspection,
  server: AuthorizationServer,
  method: Interactive,
  redirectUri: string,
  registeredFor: string | undefined,
): Promise<ClientIdentity> {
  if (method.client !== undefined && (registeredFor === undefined || registeredFor === server.issuer)) {
    const { id, secret } = method.client;
    return {
      client: { client_id: id },
      authentication: authenticationFor(server, secret),
      by: "registered beforehand",
    };
  }
  if (server.client_id_metadata_document_supported === true && method.metadataUrl !== undefined) {
    return {
      client: { client_id: method.metadataUrl },
      authentication: None(),
      by: "Client ID Metadata Document",
    };
  }
  if (server.registration_endpoint !== undefined) return register(inspection, server, redirectUri);
  throw new LoginFault({
    code: "login-no-registration",
    seen: `${server.issuer} offers no registration that this client can use`,
    why: "A client that is not known cannot log in.",
    change:
      "Enable dynamic registration, pass --client-metadata-url for a server with Client ID Metadata Documents, or --client-id",
    section: "MCP authorization, Client Registration Approaches",
  });
}

/** RFC 7591, as hosts send it; `application_type` is required since MCP 2026-07-28. */
async function register(
  inspection: Inspection,
  server: AuthorizationServer,
  redirectUri: string,
): Promise<ClientIdentity> {
  const metadata = {
    client_name: "mcp-authz verify",
    redirect_uris: [redirectUri],
    grant_types: ["authorization_code", "refresh_token"],
    response_types: ["code"],
    application_type: "native",
    token_endpoint_auth_method: preferredMethod(server),
  };
  const outcome = await inspection.fetch(
    {
      method: "POST",
      url: server.registration_endpoint ?? "",
      headers: [
        ["Content-Type", "application/json"],
        ["Accept", "application/json"],
      ],
      body: JSON.stringify(metadata),
    },
    { to: "authorization server", label: "POST registration" },
  );
  const answer = outcome.kind === "answer" && isSuccess(outcome) ? jsonObject(outcome) : undefined;
  const id = stringOf(answer?.client_id);
  if (id === undefined) {
    const body = outcome.kind === "answer" ? `: ${printable(outcome.body, 200)}` : "";
    throw new LoginFault({
      code: "login-registration-refused",
      seen: `${server.registration_endpoint}: ${summary(outcome)}${body}`,
      why: "Hosts that register themselves cannot log in.",
      change: "Accept this registration: public client, native application, loopback redirect URI",
      section: "RFC 7591 §3.2",
    });
  }
  const method = stringOf(answer?.token_endpoint_auth_method);
  return {
    client: { client_id: id },
    authentication: authenticationFor(server, stringOf(answer?.client_secret), method),
    by: "dynamic client registration",
  };
}

function preferredMethod(server: AuthorizationServer): string {
  const methods = server.token_endpoint_auth_methods_supported;
  if (methods === undefined || methods.includes("none")) return "none";
  return methods.includes("client_secret_basic") ? "client_secret_basic" : (methods[0] ?? "none");
}

/** How to authenticate at the token endpoint: as registered, else as the server lists (RFC 8414 §2). */
export function authenticationFor(
  server: AuthorizationServer,
  secret?: string,
  registered?: string,
): ClientAuth {
  if (secret === undefined || registered === "none") return None();
  if (registered === "client_secret_post") return ClientSecretPost(secret);
  if (registered === "client_secret_basic") return clientSecretBasic(secret);
  const methods = server.token_endpoint_auth_methods_supported ?? ["client_secret_basic"];
  if (methods.includes("client_secret_basic")) return clientSecretBasic(secret);
  return methods.includes("client_secret_post") ? ClientSecretPost(secret) : None();
}
