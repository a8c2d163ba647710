import { type Facts, headerValues } from "./facts.js";
import { OptionError } from "./option-error.js";
import { isLoopbackHost, type Resource } from "./resource.js";

/**
 * Host, Origin and CORS: one allow-list for all three, so that what CORS permits the Origin check does not refuse.
 * MCP 2026-07-28 Streamable HTTP, Security & Endpoint: servers MUST validate Origin, and answer 403 when it is present and wrong.
 */
export interface OriginPolicy {
  hostAllowed(facts: Facts): boolean;
  /** The request's origin if it may see answers; null when it sent none (no browser); undefined when it is refused. */
  originOf(facts: Facts): string | null | undefined;
}

const loopbackOrigin = /^https?:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/;

export function createOriginPolicy(
  resource: Resource,
  origins: readonly string[],
  hosts: readonly string[] | undefined,
): OriginPolicy {
  const allowedOrigins = new Set([resource.origin, ...origins.map(checkedOrigin)]);
  const allowedHosts = hosts === undefined ? undefined : new Set(hosts.map(checkedHost));
  const hostMatters = allowedHosts !== undefined || resource.loopback;
  return {
    hostAllowed(facts) {
      if (!hostMatters) return true;
      // HTTP/2 sends the authority as a pseudo-header, some frameworks show it as Host as well.
      const named = new Set([
        ...headerValues(facts.headers, "host"),
        ...headerValues(facts.headers, ":authority"),
      ]);
      const [host] = named;
      if (named.size !== 1 || host === undefined) return false;
      const name = host.toLowerCase();
      const hostname = name.replace(/:\d{1,5}$/, "");
      return (
        (resource.loopback && isLoopbackHost(hostname)) ||
        allowedHosts?.has(name) === true ||
        allowedHosts?.has(hostname) === true
      );
    },
    originOf(facts) {
      const values = headerValues(facts.headers, "origin");
      const [origin] = values;
      if (origin === undefined) return null;
      if (values.length > 1) return undefined;
      return allowedOrigins.has(origin) || (resource.loopback && loopbackOrigin.test(origin))
        ? origin
        : undefined;
    },
  };
}

function checkedOrigin(origin: string, index: number): string {
  const instead =
    'write scheme, host and port only, for example "https://app.example.com"; there is no wildcard.';
  // Hosts that are no web pages have schemes of their own (vscode-webview, tauri), to which URL gives no origin.
  const own = typeof origin === "string" && /^(?!https?:)[a-z][a-z0-9+.-]*:\/\/[^/?#\s"\\]+$/.test(origin);
  if (origin === "null" || own) return origin;
  if (!URL.canParse(origin) || new URL(origin).origin !== origin)
    throw new OptionError(`origins[${index}]`, origin, instead);
  return origin;
}

function checkedHost(host: string, index: number): string {
  if (!/^(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i.test(host))
    throw new OptionError(
      `hosts[${index}]`,
      host,
      'write a host with or without a port, for example "mcp.example.com".',
    );
  return host.toLowerCase();
}

const exposed =
  "WWW-Authenticate, MCP-Protocol-Version, Mcp-Session-Id, DPoP-Nonce, Retry-After, X-Request-Id";

/** What a page of an allowed origin needs in order to read an answer (Fetch standard, CORS protocol). Never with credentials. */
export function corsHeaders(origin: string): [string, string][] {
  return [
    ["Access-Control-Allow-Origin", origin],
    ["Access-Control-Expose-Headers", exposed],
  ];
}

// A wildcard would not cover Authorization (Fetch standard, CORS non-wildcard request-header name).
const allowedHeaders =
  "Authorization, DPoP, Content-Type, Accept, MCP-Protocol-Version, Mcp-Method, Mcp-Name, Mcp-Session-Id, Last-Event-ID";

/** A preflight never carries a token, so it is answered before one is asked for. */
export function isPreflight(facts: Facts): boolean {
  return (
    facts.method === "OPTIONS" && headerValues(facts.headers, "access-control-request-method").length === 1
  );
}

export function preflightHeaders(facts: Facts, methods: string): [string, string][] {
  const asked = headerValues(facts.headers, "access-control-request-headers").join(",").split(",");
  const parameters = asked
    .map((name) => name.trim())
    .filter((name) => /^mcp-param-[a-z0-9!#$%&'*+.^_`|~-]{1,64}$/i.test(name));
  return [
    ["Access-Control-Allow-Methods", methods],
    ["Access-Control-Allow-Headers", [allowedHeaders, ...parameters.slice(0, 64)].join(", ")],
    ["Access-Control-Max-Age", "600"],
  ];
}
