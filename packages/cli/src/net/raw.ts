import { connect as connectPlain, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { HeaderLines, Outcome } from "./answer.js";
import { failureOf } from "./failure.js";
import { parseResponse } from "./http1.js";
import type { FetchPolicy } from "./policy.js";
import { guardedLookup } from "./resolve.js";

/** One request written byte for byte: what HTTP libraries would tidy up stays as it is. */
export interface RawRequest {
  readonly method: string;
  /** The request target exactly as it goes on the request line. */
  readonly target: string;
  /** All header lines, `Host` included; only `Connection: close` and `Content-Length` are added. */
  readonly headers: HeaderLines;
  readonly body?: string | Uint8Array;
}

/** Sends one request over its own socket to `origin` and reads one answer of at most `bytes` bytes. */
export function rawExchange(
  origin: URL,
  request: RawRequest,
  policy: FetchPolicy,
  limits: { readonly timeout: number; readonly bytes: number },
  signal: AbortSignal,
): Promise<Outcome> {
  const started = performance.now();
  const url = new URL("/", origin).href;
  const refused = policy.refusesUrl(origin);
  if (refused !== undefined) {
    return Promise.resolve({
      kind: "failure",
      url,
      reason: "address refused",
      detail: refused,
      milliseconds: 0,
    });
  }
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const settle = (outcome: Outcome): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", stop);
      socket.destroy();
      resolve({ ...outcome, milliseconds: performance.now() - started });
    };
    const received = (closed: boolean): Outcome | undefined =>
      parseResponse(url, Buffer.concat(chunks), { closed, limit: limits.bytes });
    const fail = (reason: "timed out" | "stopped" | "connection failed", detail: string): void =>
      settle(received(true) ?? { kind: "failure", url, reason, detail, milliseconds: 0 });
    const socket = open(origin, policy);
    const timer = setTimeout(
      () => fail("timed out", `no complete answer in ${limits.timeout} ms`),
      limits.timeout,
    );
    const stop = (): void => fail("stopped", "the time limit of the run was reached");
    signal.addEventListener("abort", stop);
    socket.on("error", (error) => settle(received(true) ?? failureOf(url, error)));
    socket.on("close", () => fail("connection failed", "closed without an answer"));
    socket.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      const outcome = received(size > limits.bytes);
      if (outcome !== undefined) settle(outcome);
    });
    if (signal.aborted) return stop();
    socket.write(serialize(request));
  });
}

function open(origin: URL, policy: FetchPolicy): Socket {
  const host = origin.hostname.replace(/^\[|\]$/g, "");
  const lookup = guardedLookup(policy);
  if (origin.protocol === "https:") {
    return connectTls({
      host,
      port: Number(origin.port || 443),
      lookup,
      ALPNProtocols: ["http/1.1"],
      ...(/^[\d.]+$|:/.test(host) ? {} : { servername: host }),
    });
  }
  return connectPlain({ host, port: Number(origin.port || 80), lookup });
}

function serialize({ method, target, headers, body }: RawRequest): Buffer {
  const lines: (readonly [string, string])[] = [...headers, ["Connection", "close"]];
  if (body !== undefined) lines.push(["Content-Length", String(Buffer.byteLength(body))]);
  const head = `${method} ${target} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`;
  return Buffer.concat([Buffer.from(head, "latin1"), Buffer.from(body ?? "")]);
}
