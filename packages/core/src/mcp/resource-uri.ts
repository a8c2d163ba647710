/**
 * How both MCP SDKs read a resource URI before they look it up: through `new URL`, which drops tabs and line ends,
 * folds the case of scheme and host and resolves dot segments. A policy that read it otherwise would rule another resource.
 */
export function canonicalUri(uri: string): string {
  return URL.canParse(uri) ? new URL(uri).href : uri;
}

/** `file:///public/../secret` would match `file:///public/{+path}` and be read elsewhere; it must be declared as it is. */
export function hasDotSegment(uri: string): boolean {
  let current = uri;
  for (let round = 0; round < 8; round++) {
    if (/(?:^|[/\\])\.{1,2}(?:[/\\?#]|$)/.test(current)) return true;
    const next = current.replace(/%(25|2e|2f|5c)/gi, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
    if (next === current) return false;
    current = next;
  }
  // Nobody encodes a path eight times over with good intent.
  return true;
}
