/** Checks a URL that an MCP server is registered with (RFC 8707 section 2: absolute, no fragment). */
export function serverUrl(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed || !/^https?:$/.test(parsed.protocol) || url.includes("#")) {
    throw new TypeError(`The URL ${JSON.stringify(url)} must be an http(s) URL without a fragment`);
  }
  return url;
}

/**
 * The one whose resource indicator this is. Compared as text, but for the slash of a bare origin: clients that
 * pass the indicator through a URL parser add it.
 */
export function findByIndicator<T>(
  indicator: string,
  candidates: Iterable<T>,
  indicatorOf: (candidate: T) => string,
): T | undefined {
  for (const candidate of candidates) {
    const own = indicatorOf(candidate);
    if (indicator === own || (isOrigin(own) && indicator === toggleSlash(own))) return candidate;
  }
  return undefined;
}

function isOrigin(url: string): boolean {
  const { pathname, search } = new URL(url);
  return pathname === "/" && search === "";
}

function toggleSlash(url: string): string {
  return url.endsWith("/") ? url.slice(0, -1) : `${url}/`;
}
