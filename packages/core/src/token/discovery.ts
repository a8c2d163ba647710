import { isObject } from "./base64url.js";
import type { RequestJson } from "./outbound.js";

/**
 * The metadata of an authorization server (RFC 8414 §3), found where MCP clients look for it:
 * RFC 8414's place, then OpenID Connect's in both spellings.
 *
 * Rejects when there is none, or its `issuer` is not byte for byte the one that was asked for (RFC 8414 §3.3).
 */
export async function discover(issuer: string, request: RequestJson): Promise<Record<string, unknown>> {
  let fault = "";
  for (const url of metadataUrls(issuer)) {
    const { status, body } = await request(url);
    // A server in trouble is not asked the same thing at its other addresses.
    if (status >= 500 || status === 429) throw new Error(`${url} answered ${status}`);
    if (status === 200 && isObject(body) && body.issuer === issuer) return body;
    fault ||= status === 200 ? `${url} is not the metadata of ${issuer}` : `${url} answered ${status}`;
  }
  throw new Error(fault);
}

export function metadataUrls(issuer: string): readonly string[] {
  const { origin, pathname, search } = new URL(issuer);
  const path = pathname.replace(/\/$/, "");
  const urls = [
    `${origin}/.well-known/oauth-authorization-server${path}${search}`,
    `${origin}/.well-known/openid-configuration${path}${search}`,
    `${origin}${path}/.well-known/openid-configuration${search}`,
  ];
  return [...new Set(urls)];
}
