import { OptionError } from "../option-error.js";
import { isLoopbackHost } from "../resource.js";

/** Bounds on what a server that we ask may cost us. */
export interface OutboundLimits {
  /** Seconds until the whole answer must be there. */
  readonly timeout: number;
  /** Bytes of its body. */
  readonly maxBytes: number;
}

export type Fetch = typeof globalThis.fetch;

/** Asks for JSON. `body` is `undefined` when the answer is not JSON. */
export type RequestJson = (url: string, init?: RequestInit) => Promise<{ status: number; body: unknown }>;

/**
 * Rejects when there is no answer within the limits. A redirect is an answer like any other and never followed:
 * keys come from where the issuer says, or not at all.
 */
export function jsonRequester(limits: OutboundLimits, fetch?: Fetch): RequestJson {
  return async (url, init) => {
    const signal = AbortSignal.timeout(limits.timeout * 1000);
    const headers = { accept: "application/json", ...(init?.headers as Record<string, string> | undefined) };
    try {
      const response = await (fetch ?? globalThis.fetch)(url, {
        ...init,
        headers,
        redirect: "manual",
        signal,
      });
      const text = await readText(response, limits.maxBytes);
      return { status: response.status, body: parse(text) };
    } catch (error) {
      throw new Error(`${new URL(url).origin}: ${signal.aborted ? "no answer in time" : messageOf(error)}`);
    }
  };
}

/** What fetch hides in `cause`, such as ECONNREFUSED. */
function messageOf(error: unknown): string {
  const { message, cause } = error as { message?: string; cause?: { code?: string; message?: string } };
  return cause?.code ?? cause?.message ?? message ?? "no answer";
}

async function readText(response: Response, maxBytes: number): Promise<string> {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for (;;) {
    const chunk = await reader?.read();
    if (!chunk || chunk.done) return text + decoder.decode();
    bytes += chunk.value.byteLength;
    if (bytes > maxBytes) {
      reader?.cancel().catch(() => {});
      throw new Error(`answer longer than ${maxBytes} bytes`);
    }
    text += decoder.decode(chunk.value, { stream: true });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether tokens can depend on what this URL answers: https, or http on the developer's own machine. */
export function isTrustworthy(url: string, allowInsecure = false): boolean {
  try {
    const { protocol, hostname } = new URL(url);
    return protocol === "https:" || (protocol === "http:" && (allowInsecure || isLoopbackHost(hostname)));
  } catch {
    return false;
  }
}

/** @throws {OptionError} */
export function requireTrustworthy(option: string, url: unknown, allowInsecure?: boolean): void {
  if (typeof url !== "string" || !isTrustworthy(url, allowInsecure))
    throw new OptionError(
      option,
      url,
      "write an https URL; http is only for localhost, 127.0.0.1 and [::1], or with allowInsecure: true.",
    );
}
