import {
  type ClientRequest,
  request as httpRequest,
  type IncomingMessage,
  type RequestOptions,
} from "node:http";
import { request as httpsRequest } from "node:https";
import type { LookupFunction } from "node:net";
import type { Answer, Failure, HeaderLines, Outcome } from "./answer.js";
import { header, isRedirect } from "./answer.js";
import { failureOf } from "./failure.js";
import type { FetchPolicy } from "./policy.js";
import { guardedLookup } from "./resolve.js";

export interface FetchLimits {
  /** Milliseconds for one request, redirects included. */
  readonly timeout: number;
  /** Bytes of a body that are read; the rest is not. */
  readonly bytes: number;
  /** Redirects that are followed within one origin. */
  readonly redirects: number;
}

export interface FetchRequest {
  readonly method?: string;
  readonly url: string;
  readonly headers?: HeaderLines;
  readonly body?: string | Uint8Array;
  /** Follow redirects within the same origin, as hosts do for metadata. Default false. */
  readonly follow?: boolean;
  /** Where an event stream may be left: called with what was read so far. Default: at once. */
  readonly streamEnds?: (text: string) => boolean;
}

/** Fetches with limits; never throws, never follows to another origin, never connects where the policy forbids. */
export class Fetcher {
  readonly #policy: FetchPolicy;
  readonly #limits: FetchLimits;
  readonly #signal: AbortSignal;

  constructor(policy: FetchPolicy, limits: FetchLimits, signal: AbortSignal) {
    this.#policy = policy;
    this.#limits = limits;
    this.#signal = signal;
  }

  async fetch(request: FetchRequest): Promise<Outcome> {
    const started = performance.now();
    const redirects: string[] = [];
    let url = request.url;
    for (;;) {
      const remaining = this.#limits.timeout - (performance.now() - started);
      const outcome = await this.#once({ ...request, url }, Math.max(1, remaining), redirects);
      const target = request.follow === true ? redirectTarget(outcome) : undefined;
      if (target === undefined) return { ...outcome, milliseconds: performance.now() - started };
      const refused = this.#refusesRedirect(url, target, redirects.length);
      if (refused !== undefined) return { ...refused, milliseconds: performance.now() - started };
      redirects.push(target);
      url = target;
    }
  }

  #refusesRedirect(from: string, to: string, followed: number): Failure | undefined {
    const failure = { kind: "failure", url: to, milliseconds: 0 } as const;
    if (followed >= this.#limits.redirects) {
      return {
        ...failure,
        reason: "too many redirects",
        detail: `more than ${this.#limits.redirects} redirects`,
      };
    }
    if (!URL.canParse(to)) return { ...failure, reason: "redirect refused", detail: "Location is no URL" };
    const refused = this.#policy.refusesUrl(new URL(to));
    if (refused !== undefined) return { ...failure, reason: "address refused", detail: refused };
    if (new URL(from).origin === new URL(to).origin) return undefined;
    return {
      ...failure,
      reason: "redirect refused",
      detail: `redirects to another origin, ${new URL(to).origin}`,
    };
  }

  #once(request: FetchRequest, timeout: number, redirects: readonly string[]): Promise<Outcome> {
    const failure = { kind: "failure", url: request.url, milliseconds: 0 } as const;
    if (!URL.canParse(request.url)) {
      return Promise.resolve({ ...failure, reason: "url refused", detail: "not an absolute URL" });
    }
    const url = new URL(request.url);
    const refused = this.#policy.refusesUrl(url);
    if (refused !== undefined) {
      const reason = url.protocol.startsWith("http") ? "address refused" : "url refused";
      return Promise.resolve({ ...failure, reason, detail: refused });
    }
    const { bytes } = this.#limits;
    return exchange(url, request, {
      timeout,
      bytes,
      signal: this.#signal,
      lookup: guardedLookup(this.#policy),
    }).then((outcome) => (outcome.kind === "answer" ? { ...outcome, redirects: [...redirects] } : outcome));
  }
}

interface ExchangeOptions {
  readonly timeout: number;
  readonly bytes: number;
  readonly signal: AbortSignal;
  readonly lookup: LookupFunction;
}

/** One request and one answer, over a connection of its own. */
function exchange(url: URL, request: FetchRequest, options: ExchangeOptions): Promise<Outcome> {
  const failure = { kind: "failure", url: request.url, milliseconds: 0 } as const;
  return new Promise((resolve) => {
    let message: ClientRequest | undefined;
    const settle = (outcome: Outcome): void => {
      clearTimeout(timer);
      options.signal.removeEventListener("abort", stop);
      resolve(outcome);
      message?.destroy();
    };
    const late = `no complete answer in ${Math.round(options.timeout)} ms`;
    const timer = setTimeout(
      () => settle({ ...failure, reason: "timed out", detail: late }),
      options.timeout,
    );
    const stop = (): void =>
      settle({ ...failure, reason: "stopped", detail: "the time limit of the run was reached" });
    options.signal.addEventListener("abort", stop);
    message = open(url, request, options.lookup, (error) => settle(failureOf(request.url, error)));
    if (message === undefined) return;
    if (options.signal.aborted) return stop();
    message.on("response", (response) => {
      readAnswer(response, request, options.bytes, (read) =>
        settle({ kind: "answer", url: request.url, milliseconds: 0, redirects: [], ...read }),
      );
    });
    message.end(request.body);
  });
}

/** A header that cannot be sent is an error like any other, although it is thrown and not emitted. */
function open(
  url: URL,
  request: FetchRequest,
  lookup: LookupFunction,
  failed: (error: unknown) => void,
): ClientRequest | undefined {
  const options: RequestOptions = {
    method: request.method ?? "GET",
    headers: headerList(url, request),
    lookup,
    agent: false,
  };
  try {
    const message = (url.protocol === "https:" ? httpsRequest : httpRequest)(url, options);
    message.on("error", failed);
    return message;
  } catch (error) {
    failed(error);
    return undefined;
  }
}

function headerList(url: URL, request: FetchRequest): string[] {
  const lines: (readonly [string, string])[] = [["Host", url.host], ...(request.headers ?? [])];
  if (request.body !== undefined) lines.push(["Content-Length", String(Buffer.byteLength(request.body))]);
  lines.push(["Connection", "close"]);
  return lines.flat();
}

type Read = Pick<Answer, "status" | "headers" | "body" | "truncated">;

function readAnswer(
  response: IncomingMessage,
  request: FetchRequest,
  limit: number,
  done: (read: Read) => void,
): void {
  const chunks: Buffer[] = [];
  let size = 0;
  const finish = (truncated: boolean): void =>
    done({
      status: response.statusCode ?? 0,
      headers: pairs(response.rawHeaders),
      body: Buffer.concat(chunks).subarray(0, limit).toString("utf8"),
      truncated,
    });
  const streams = /^text\/event-stream/i.test(response.headers["content-type"] ?? "");
  const ends = request.streamEnds ?? (() => true);
  if (streams && ends("")) {
    finish(true);
    return;
  }
  response.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    size += chunk.length;
    if (size > limit) finish(true);
    else if (streams && ends(Buffer.concat(chunks).toString("utf8"))) finish(true);
  });
  response.on("end", () => finish(false));
  response.on("aborted", () => finish(true));
}

function pairs(raw: readonly string[]): HeaderLines {
  const lines: [string, string][] = [];
  for (let index = 0; index + 1 < raw.length; index += 2)
    lines.push([raw[index] ?? "", raw[index + 1] ?? ""]);
  return lines;
}

function redirectTarget(outcome: Outcome): string | undefined {
  if (outcome.kind === "failure" || !isRedirect(outcome)) return undefined;
  const location = header(outcome, "location");
  if (location === undefined) return undefined;
  return URL.canParse(location, outcome.url) ? new URL(location, outcome.url).href : location;
}
