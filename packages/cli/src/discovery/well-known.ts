const resourceSegment = "/.well-known/oauth-protected-resource";

/** The path-aware location of a resource's metadata, built on the string as RFC 9728 §3.1 says. */
export function protectedResourceUrl(resource: string): string {
  const url = new URL(resource);
  const rest = `${url.pathname}${url.search}`;
  const path = rest === "/" ? "" : rest.startsWith("/?") ? rest.slice(1) : rest;
  return `${url.origin}${resourceSegment}${path}`;
}

/** The location at the root of the origin, which clients try last. */
export function rootProtectedResourceUrl(resource: string): string {
  return `${new URL(resource).origin}${resourceSegment}`;
}

/** Where a client looks for an authorization server's metadata, in the order of MCP 2026-07-28. */
export function authorizationServerUrls(issuer: string): readonly string[] {
  const url = new URL(issuer);
  const path = url.pathname === "/" ? "" : url.pathname.replace(/\/$/, "");
  if (path === "") {
    return [
      `${url.origin}/.well-known/oauth-authorization-server`,
      `${url.origin}/.well-known/openid-configuration`,
    ];
  }
  return [
    `${url.origin}/.well-known/oauth-authorization-server${path}`,
    `${url.origin}/.well-known/openid-configuration${path}`,
    `${url.origin}${path}/.well-known/openid-configuration`,
  ];
}
