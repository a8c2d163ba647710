import type { Facts } from "./facts.js";
import { type Resource, rootMetadataPath } from "./resource.js";

/**
 * What a request target is to us.
 *
 * `endpoint` is the path itself, with or without a slash at its end. `below` is every other spelling that some
 * router might take for the endpoint or for something under it. Only `metadata` is public, and only when it
 * matches exactly; a doubtful target is never exempt.
 */
export type Place = "metadata" | "endpoint" | "below" | "outside";

export function createPlaces(
  resource: Resource,
  path: string,
  rootMetadata: boolean,
): (target: string) => Place {
  const metadata = new Set(
    rootMetadata ? [...resource.metadataPaths, rootMetadataPath] : resource.metadataPaths,
  );
  const endpoint = path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
  const guarded = segmentsOf(decoded(endpoint).toLowerCase());
  return (target) => {
    const pathname = target.split("?", 1)[0] as string;
    if (pathname === endpoint || pathname === `${endpoint}/`) return "endpoint";
    if (metadata.has(pathname)) return "metadata";
    // Neither a path nor a well-formed absolute form (RFC 9112 §3.2): routers disagree about what it is.
    if (!/^(?:\/|\*$|https?:\/\/[^/?#\s\\]+(?:\/|$))/i.test(target)) return "below";
    return spellings(target).some((spelling) => startsWith(spelling, guarded)) ? "below" : "outside";
  };
}

/** What a request is to us, by the target that was sent and the one that the router will see. */
export function placeOf(place: (target: string) => Place, { target, routed = target }: Facts): Place {
  const sent = place(target);
  if (routed === target) return sent;
  // A doubtful spelling stays doubtful, whatever a framework makes of it on the way to its router.
  if (sent === "below") return sent;
  const seen = place(routed);
  return seen === "endpoint" || seen === "below" ? seen : sent;
}

/**
 * Every path that a router could make of this target: decoded, case-folded, cut at `;`, `#` or NUL or not,
 * dot segments resolved or not, with the authority of an absolute-form target taken off.
 * Too many is safe, one too few is a way around the guard.
 */
function spellings(target: string): string[][] {
  const path = decoded(
    target.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, "").split("?", 1)[0] as string,
  ).toLowerCase();
  const whole = segmentsOf(path);
  const cut = segmentsOf(path.split(/[?#\0]/, 1)[0] as string).map(
    (segment) => segment.split(";", 1)[0] as string,
  );
  return [whole, resolved(whole), cut, resolved(cut)];
}

/** Percent-decodes until nothing changes: some proxy or router may decode once more than we would. */
function decoded(path: string): string {
  let current = path;
  for (let round = 0; round < 4 && current.includes("%"); round++) {
    const next = current.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
    if (next === current) break;
    current = next;
  }
  return current;
}

function segmentsOf(path: string): string[] {
  return path
    .split(/[/\\]+/)
    .map(withoutControls)
    .filter((segment) => segment !== "" && segment !== ".");
}

/** Drops what URL parsers trim at the end: white space and controls, U+00A0 and U+FEFF among them, however encoded. */
function withoutControls(segment: string): string {
  let end = segment.length;
  while (end > 0 && isControl(segment.charCodeAt(end - 1))) end--;
  return segment.slice(0, end);
}

function isControl(code: number): boolean {
  return code <= 0x20 || code >= 0x7f;
}

function resolved(segments: readonly string[]): string[] {
  const path: string[] = [];
  for (const segment of segments) {
    if (segment === "..") path.pop();
    else path.push(segment);
  }
  return path;
}

function startsWith(path: readonly string[], prefix: readonly string[]): boolean {
  return prefix.every((segment, index) => path[index] === segment);
}
