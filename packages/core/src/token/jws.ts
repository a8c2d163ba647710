import { decodeBase64url, decodeJsonObject } from "./base64url.js";
import { type Rejected, rejected } from "./verification.js";

/** What a header may say to us. `jku`, `x5u`, `jwk` and `x5c` are never read: a token does not choose its key. */
export interface JwsHeader {
  readonly alg: string;
  readonly kid: string | undefined;
  /** In lower case, and without `application/` (RFC 7515 §4.1.9); `null` for what is no text. */
  readonly typ: string | null | undefined;
  /** As it stands in the token. */
  readonly encoded: string;
}

/** A JWS in compact form (RFC 7515 §3.1) whose form is right and whose signature is not yet checked. */
export interface Jws {
  readonly kind: "jws";
  readonly header: JwsHeader;
  readonly payload: Record<string, unknown>;
  /** What was signed: header and payload as they stand in the token. */
  readonly signed: string;
  readonly signature: Uint8Array;
}

const longest = 65_536;
const rememberedHeaders = 128;

/** Reads compact JWSs whose `alg` is one of `algorithms`. An issuer writes few different headers, so they are remembered. */
export function jwsReader(algorithms: ReadonlySet<string>): (token: string) => Jws | Rejected {
  const headers = new Map<string, JwsHeader>();

  function headerOf(segment: string): JwsHeader | Rejected {
    const known = headers.get(segment);
    if (known) return known;
    const header = readHeader(segment, algorithms);
    if ("kind" in header) return header;
    if (headers.size >= rememberedHeaders) headers.clear();
    headers.set(header.encoded, header);
    return header;
  }

  return (token) => {
    if (token.length > longest) return rejected("token_too_long", `longer than ${longest} characters`);
    const first = token.indexOf(".");
    const second = token.indexOf(".", first + 1);
    if (first < 1 || second < 0 || token.indexOf(".", second + 1) >= 0)
      return rejected("token_malformed", "not three segments");
    const header = headerOf(token.slice(0, first));
    if ("kind" in header) return header;
    const payload = decodeJsonObject(token.slice(first + 1, second));
    if (!payload) return rejected("token_malformed", "payload is not base64url of a JSON object");
    const signature = decodeBase64url(token.slice(second + 1));
    if (!signature?.length) return rejected("token_malformed", "signature is not base64url");
    return { kind: "jws", header, payload, signed: token.slice(0, second), signature };
  };
}

function readHeader(segment: string, algorithms: ReadonlySet<string>): JwsHeader | Rejected {
  const header = decodeJsonObject(segment);
  if (!header) return rejected("token_malformed", "header is not base64url of a JSON object");
  const { alg, kid, typ } = header;
  if (typeof alg !== "string" || !algorithms.has(alg))
    return rejected("token_algorithm", "alg is not one of those allowed");
  // RFC 7515 §4.1.11: whoever does not understand a critical extension must refuse; we understand none.
  // `b64` changes what is signed (RFC 7797), and libraries differ on it when `crit` does not name it.
  if ("crit" in header || "b64" in header)
    return rejected("token_malformed", "crit and b64 are not accepted");
  if (kid !== undefined && (typeof kid !== "string" || kid.length > 512))
    return rejected("token_malformed", "kid is not a short string");
  return { alg, kid, typ: typ === undefined ? typ : mediaType(typ), encoded: copyOf(segment) };
}

/** In V8 a string that was cut from another keeps the whole of that in memory; a header must not keep a token there. */
function copyOf(text: string): string {
  return new TextDecoder().decode(new TextEncoder().encode(text));
}

function mediaType(typ: unknown): string | null {
  return typeof typ === "string" ? typ.toLowerCase().replace(/^application\//, "") : null;
}
