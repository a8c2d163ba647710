import type { AuthorizationServer } from "oauth4webapi";
import { issuerMatches, searchAuthorizationServer } from "../discovery/authorization-server.js";
import { type ProtectedResource, readProtectedResource } from "../discovery/protected-resource.js";
import { protectedResourceUrl, rootProtectedResourceUrl } from "../discovery/well-known.js";
import type { Inspection } from "../inspection.js";
import { stringsOf, summary } from "../net/answer.js";
import { LoginFault } from "./fault.js";

/** Where and for what to log in. */
export interface Discovered {
  /** The `resource` parameter: the metadata's own spelling, or the typed URL where there is no metadata. */
  readonly resource: string;
  readonly scopes?: readonly string[];
  readonly server: AuthorizationServer;
}

/** Goes the way of a host from a challenge to an authorization server, and no step further than a host goes. */
export async function discover(inspection: Inspection, metadataUrl: string | undefined): Promise<Discovered> {
  const metadata = await protectedResource(inspection, metadataUrl);
  if (metadata === undefined) return { resource: inspection.resource, server: await olderServer(inspection) };
  const { resource, authorizationServers, scopes } = metadata;
  if (resource === undefined || !covers(resource, inspection.resource)) {
    throw new LoginFault({
      code: "login-resource-mismatch",
      seen: `"resource": ${JSON.stringify(resource)}, the URL is ${inspection.resource}`,
      why: "Clients must discard metadata of another resource: the token would be for somebody else.",
      change: `"resource": "${inspection.resource}"`,
      section: "RFC 9728 §3.3",
    });
  }
  const [issuer] = authorizationServers;
  if (issuer === undefined) {
    throw new LoginFault({
      code: "login-no-authorization-server",
      seen: "the metadata names no authorization server",
      why: "There is nowhere to log in.",
      change: '"authorization_servers": ["https://<issuer>"]',
      section: "MCP authorization, Authorization Server Location",
    });
  }
  return { resource, ...(scopes ? { scopes } : {}), server: await namedServer(inspection, issuer) };
}

/** Hosts take the resource itself or a parent of it on the same origin. */
function covers(resource: string, typed: string): boolean {
  if (resource === typed) return true;
  if (!URL.canParse(resource)) return false;
  const [outer, inner] = [new URL(resource), new URL(typed)];
  const path = outer.pathname.endsWith("/") ? outer.pathname : `${outer.pathname}/`;
  return outer.origin === inner.origin && `${inner.pathname}/`.startsWith(path);
}

async function protectedResource(
  inspection: Inspection,
  fromChallenge: string | undefined,
): Promise<ProtectedResource | undefined> {
  const places =
    fromChallenge === undefined
      ? [protectedResourceUrl(inspection.resource), rootProtectedResourceUrl(inspection.resource)]
      : [fromChallenge];
  for (const url of new Set(places)) {
    const path = URL.canParse(url) ? new URL(url).pathname : url;
    const outcome = await inspection.fetch({ url, follow: true }, { to: "MCP server", label: `GET ${path}` });
    const found = outcome.kind === "answer" ? readProtectedResource(outcome) : undefined;
    if (found !== undefined) return found;
    const goesOn = outcome.kind === "answer" && outcome.status >= 400 && outcome.status < 500;
    if (!goesOn || fromChallenge !== undefined) {
      throw new LoginFault({
        code: "login-metadata-unreadable",
        seen: `${url}: ${summary(outcome)}`,
        why: "A client stops here: it was told, or has to assume, that the metadata is at this URL.",
        change: "Serve the metadata there as application/json, or answer 404 where there is none",
        section: "RFC 9728 §3.1",
      });
    }
  }
  return undefined;
}

async function namedServer(inspection: Inspection, issuer: string): Promise<AuthorizationServer> {
  const search = await searchAuthorizationServer(inspection.recording("authorization server"), issuer);
  if (search.document === undefined) {
    throw new LoginFault({
      code: "login-no-server-metadata",
      seen: search.attempts.map(({ url, outcome }) => `${url}: ${summary(outcome)}`).join("; "),
      why: "A client cannot learn where to authorize.",
      change: `Publish RFC 8414 metadata for ${issuer}, or correct authorization_servers`,
      section: "RFC 8414 §3",
    });
  }
  if (!issuerMatches(search)) {
    throw new LoginFault({
      code: "login-issuer-mismatch",
      seen: `authorization_servers says "${issuer}", ${search.url} says ${JSON.stringify(search.document.issuer)}`,
      why: "Clients must refuse a document of another issuer; the comparison is byte for byte.",
      change: `"authorization_servers": [${JSON.stringify(search.document.issuer)}]`,
      section: "RFC 8414 §3.3",
    });
  }
  requirePkce(search.document, issuer);
  return { ...search.document, issuer };
}

/** MCP 2026-07-28: a client must refuse a server that does not say that it supports PKCE with S256. */
function requirePkce(document: Readonly<Record<string, unknown>>, issuer: string): void {
  if (stringsOf(document.code_challenge_methods_supported)?.includes("S256") === true) return;
  // A server for machines alone has no code flow to protect.
  if (stringsOf(document.grant_types_supported)?.includes("authorization_code") === false) return;
  throw new LoginFault({
    code: "login-no-pkce",
    seen: `${issuer}: code_challenge_methods_supported: ${JSON.stringify(document.code_challenge_methods_supported)}`,
    why: "Clients must refuse to go on without PKCE.",
    change: '"code_challenge_methods_supported": ["S256"] in the authorization server metadata',
    section: "MCP authorization, Authorization Code Protection",
  });
}

/** MCP 2025-03-26: the server's own origin is the authorization server, with or without metadata. */
async function olderServer(inspection: Inspection): Promise<AuthorizationServer> {
  const { origin } = inspection.url;
  const url = `${origin}/.well-known/oauth-authorization-server`;
  const search = await searchAuthorizationServer(inspection.recording("authorization server"), origin);
  if (search.document !== undefined && search.url === url) {
    if (issuerMatches(search)) requirePkce(search.document, origin);
    return { ...search.document, issuer: String(search.document.issuer ?? origin) };
  }
  return {
    issuer: origin,
    authorization_endpoint: `${origin}/authorize`,
    token_endpoint: `${origin}/token`,
    registration_endpoint: `${origin}/register`,
  };
}
