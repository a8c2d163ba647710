import { lookup } from "node:dns/promises";
import { BlockList, isIP } from "node:net";
import type { AllClientMetadata } from "oidc-provider";

/**
 * Addresses that a Client ID Metadata Document must not be fetched from: loopback, private, link-local,
 * documentation and otherwise special ones (RFC 6890). Fetching there would let any client identifier probe
 * the machine's own network (SSRF).
 */
const SPECIAL = new BlockList();
for (const [network, prefix] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3],
] as const) {
  SPECIAL.addSubnet(network, prefix, "ipv4");
}
for (const [network, prefix] of [
  ["::", 127],
  ["::ffff:0:0", 96],
  ["64:ff9b::", 96],
  ["64:ff9b:1::", 48],
  ["100::", 64],
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["fc00::", 7],
  ["fe80::", 10],
  ["ff00::", 8],
] as const) {
  SPECIAL.addSubnet(network, prefix, "ipv6");
}

/** Whether a client identifier's host is on the public internet, by every address that it resolves to. */
export async function isPublicHost(clientId: string): Promise<boolean> {
  const hostname = new URL(clientId).hostname.replace(/^\[|\]$/g, "");
  if (isIP(hostname)) return isPublicAddress(hostname);
  try {
    const addresses = await lookup(hostname, { all: true });
    return addresses.length > 0 && addresses.every(({ address }) => isPublicAddress(address));
  } catch {
    return false;
  }
}

function isPublicAddress(address: string): boolean {
  return !SPECIAL.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
}

const LOOPBACK_HOSTS = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** Whether this is a client identifier that only a developer's own machine may use. */
export function isLoopbackClientId(clientId: string): boolean {
  if (!clientId.startsWith("http://") || !URL.canParse(clientId)) return false;
  const { hostname, hash, username, pathname } = new URL(clientId);
  return LOOPBACK_HOSTS.has(hostname) && hash === "" && username === "" && pathname !== "/";
}

const DOCUMENT_LIMIT = 5 * 1024;

/**
 * Fetches a document from a loopback address, with the checks that the standard wants of every document:
 * no redirect, a size limit, a time limit, and a `client_id` that is its own address.
 */
export async function loopbackClient(clientId: string): Promise<AllClientMetadata | undefined> {
  const response = await fetch(clientId, {
    headers: { accept: "application/json" },
    redirect: "manual",
    signal: AbortSignal.timeout(2500),
  }).catch(() => undefined);
  if (response?.status !== 200) return undefined;
  const text = await response.text();
  if (text.length > DOCUMENT_LIMIT) return undefined;
  const document = parse(text);
  if (document?.client_id !== clientId || "client_secret" in document) return undefined;
  return { ...document, token_endpoint_auth_method: "none" };
}

function parse(text: string): AllClientMetadata | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as AllClientMetadata) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * What is wrong with a redirect URI, beyond what the protocol library checks itself; `undefined` when nothing.
 * OAuth 2.1 section 2.3.1 and RFC 8252 section 7.
 */
export function redirectUriFault(uri: unknown): string | undefined {
  if (typeof uri !== "string" || !URL.canParse(uri)) return "redirect_uris must only contain valid uris";
  const { protocol, hostname, username, password } = new URL(uri);
  if (uri.includes("#")) return "redirect_uris must not contain fragments";
  if (username !== "" || password !== "") return "redirect_uris must not contain credentials";
  if (uri.includes("*")) return "redirect_uris must not contain wildcards";
  if (protocol === "http:" && !LOOPBACK_HOSTS.has(hostname)) {
    return "redirect_uris must use https, unless they are on a loopback address";
  }
  return undefined;
}
