import { OptionError } from "./option-error.js";

const wellKnown = "/.well-known/oauth-protected-resource";

/** Protected resource metadata, under the standard's own names (RFC 9728 §2). */
export interface ProtectedResourceMetadata {
  resource: string;
  authorization_servers: readonly string[];
  scopes_supported?: readonly string[];
  bearer_methods_supported?: readonly string[];
  resource_name?: string;
  resource_documentation?: string;
  resource_policy_uri?: string;
  resource_tos_uri?: string;
  dpop_signing_alg_values_supported?: readonly string[];
  dpop_bound_access_tokens_required?: boolean;
  /** Extensions, and names in other languages such as `resource_name#fr`. */
  [parameter: string]: unknown;
}

/** What this server is to OAuth, and where its metadata can be found. */
export interface Resource {
  /** The resource identifier, byte for byte as configured (RFC 9728 §1.2). */
  readonly identifier: string;
  readonly origin: string;
  /** Path of the identifier; "/" when it has none. */
  readonly path: string;
  /** Where clients are sent for the metadata (RFC 9728 §3.1). */
  readonly metadataUrl: string;
  /** Paths at this origin that answer with the metadata: RFC 9728's own, and its twin without or with a slash. */
  readonly metadataPaths: readonly string[];
  /** Whether this server lives on the developer's own machine. */
  readonly loopback: boolean;
}

/** Where metadata is when a client does not know the path; one resource of an origin may answer there. */
export const rootMetadataPath: string = wellKnown;

/**
 * Reads the resource identifier.
 * @throws {OptionError} when it is not an absolute https URL (http on loopback), or clients would not find it.
 */
export function resourceOf(identifier: string): Resource {
  const bad = (instead: string) => new OptionError("resource", identifier, instead);
  const form = 'write the public URL of the MCP endpoint, for example "https://mcp.example.com/mcp".';
  if (typeof identifier !== "string" || identifier === "") throw bad(form);
  if (!/^[\x21\x23-\x5b\x5d-\x7e]+$/.test(identifier))
    throw bad(`percent-encode spaces, quotes, backslashes and non-ASCII characters; ${form}`);
  let url: URL;
  try {
    url = new URL(identifier);
  } catch {
    throw bad(form);
  }
  if (identifier.includes("#"))
    throw bad('a resource identifier has no fragment (RFC 9728 §1.2); leave out everything from "#".');
  if (url.username !== "" || url.password !== "") throw bad("leave out the user name and password.");
  const loopback = isLoopbackHost(url.hostname);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && loopback))
    throw bad("use https; http is only for localhost, 127.0.0.1 and [::1] (RFC 9728 §1.2).");

  const [, prefix = "", rest = ""] = /^([a-z]+:\/\/[^/?]+)(.*)$/i.exec(identifier) ?? [];
  if (prefix !== url.origin && prefix !== `${url.protocol}//${url.host}`)
    throw bad(
      `write scheme and host in lower case and leave out the default port: "${url.origin}${rest}" (MCP 2026-07-28 Authorization, Canonical Server URI).`,
    );
  if (/(^|\/)\.{1,2}(\/|$|\?)/.test(rest) || rest.includes("//"))
    throw bad('leave out ".", ".." and empty path segments.');

  // RFC 9728 §3.1: a slash that directly follows the host goes; everything else is kept as it stands.
  const suffix = rest === "/" ? "" : rest.startsWith("/?") ? rest.slice(1) : rest;
  const path = rest.split("?")[0] || "/";
  const metadataPath = `${wellKnown}${suffix}`.split("?")[0] as string;
  const twin = metadataPath.endsWith("/") ? metadataPath.slice(0, -1) : `${metadataPath}/`;
  return Object.freeze({
    identifier,
    origin: prefix,
    path,
    metadataUrl: `${prefix}${wellKnown}${suffix}`,
    metadataPaths: [metadataPath, twin],
    loopback,
  });
}

export function isLoopbackHost(hostname: string): boolean {
  return hostname === "localhost" || hostname === "127.0.0.1" || hostname === "[::1]";
}
