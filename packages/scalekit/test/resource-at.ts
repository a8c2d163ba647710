import type { Resource } from "@mcp-authz/core";

/** A resource as the gate hands it to a provider. */
export function resourceAt(identifier: string): Resource {
  const { origin, pathname, hostname } = new URL(identifier);
  const metadataPath = `/.well-known/oauth-protected-resource${pathname}`;
  return {
    identifier,
    origin,
    path: pathname,
    metadataUrl: `${origin}${metadataPath}`,
    metadataPaths: [metadataPath],
    loopback: hostname === "127.0.0.1",
  };
}
