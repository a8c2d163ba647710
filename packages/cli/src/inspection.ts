import { looselyParsed } from "./challenge/loose.js";
import { type ServerSearch, searchAuthorizationServer } from "./discovery/authorization-server.js";
import { type MetadataSearch, searchProtectedResource } from "./discovery/protected-resource.js";
import { initializeRequest, type McpRequest, modernRequest } from "./mcp/message.js";
import { streamHasReply } from "./mcp/reply.js";
import { isLoopbackHost } from "./net/address.js";
import { type HeaderLines, header, type Outcome, withoutSecrets } from "./net/answer.js";
import { Fetcher, type FetchLimits, type FetchRequest } from "./net/fetcher.js";
import { FetchPolicy } from "./net/policy.js";
import { type RawRequest, rawExchange } from "./net/raw.js";
import { once } from "./once.js";
import { type Party, type Step, stepOf } from "./step.js";

/** How a request appears in the diagram. */
export interface StepLabel {
  readonly from?: Party;
  readonly to: Party;
  readonly label: string;
  /** The answer is one that must hold a token: the token endpoint's. */
  readonly verbatim?: boolean;
}

export interface InspectionOptions {
  readonly url: string;
  readonly allowPrivate: boolean;
  readonly limits: FetchLimits;
  readonly signal: AbortSignal;
}

/** What is known about one server: every request of general interest is made once and kept. */
export class Inspection {
  /** The URL as typed. */
  readonly typed: string;
  readonly url: URL;
  /** The identifier that a host derives from the typed URL: lower-case scheme and host, no fragment. */
  readonly resource: string;
  readonly isLoopback: boolean;
  /** What happened so far, in order. */
  readonly steps: Step[] = [];
  /** Tokens. Where a server echoes one, it is taken out of the answer before anybody reads it. */
  readonly secrets: Set<string> = new Set();
  readonly #policy: FetchPolicy;
  readonly #limits: FetchLimits;
  readonly #signal: AbortSignal;
  readonly #fetcher: Fetcher;

  constructor({ url, allowPrivate, limits, signal }: InspectionOptions) {
    this.typed = url;
    this.url = new URL(url);
    this.url.hash = "";
    this.resource = canonicalResource(url);
    this.isLoopback = isLoopbackHost(this.url.hostname);
    this.#policy = new FetchPolicy(this.url, allowPrivate);
    this.#limits = limits;
    this.#signal = signal;
    this.#fetcher = new Fetcher(this.#policy, limits, signal);
  }

  get stopped(): boolean {
    return this.#signal.aborted;
  }

  get limits(): FetchLimits {
    return this.#limits;
  }

  /** The path and query of the endpoint, as a request target. */
  get target(): string {
    return `${this.url.pathname}${this.url.search}`;
  }

  async fetch(request: FetchRequest, step?: StepLabel): Promise<Outcome> {
    const received = await this.#fetcher.fetch(request);
    const outcome = step?.verbatim === true ? received : withoutSecrets(received, this.secrets);
    if (step !== undefined) this.steps.push(stepOf(step.to, step.label, outcome, step.from));
    return outcome;
  }

  /** Sends an MCP message to the endpoint. */
  post(request: McpRequest, extra: HeaderLines = [], label?: string): Promise<Outcome> {
    return this.fetch(
      {
        method: "POST",
        url: this.url.href,
        headers: [...request.headers, ...extra],
        body: request.body,
        streamEnds: streamHasReply,
      },
      label === undefined ? undefined : { to: "MCP server", label },
    );
  }

  /** Sends a request byte for byte over a socket of its own; `Host` is added unless one is given. */
  async raw(request: Omit<RawRequest, "headers"> & { readonly headers?: HeaderLines }): Promise<Outcome> {
    const headers = request.headers ?? [];
    const named = headers.some(([name]) => name.toLowerCase() === "host");
    const outcome = await rawExchange(
      this.url,
      { ...request, headers: named ? headers : [["Host", this.url.host], ...headers] },
      this.#policy,
      this.#limits,
      this.#signal,
    );
    return withoutSecrets(outcome, this.secrets);
  }

  /** Why a URL out of a remote document would not be fetched; undefined when it would. */
  refuses(url: string): string | undefined {
    if (!URL.canParse(url)) return "not an absolute URL";
    return this.#policy.refusesUrl(new URL(url));
  }

  /** `server/discover` without a token, as hosts of MCP 2026-07-28 begin. */
  readonly discover: () => Promise<Outcome> = once(() =>
    this.post(modernRequest({ method: "server/discover" }), [], "POST server/discover, no token"),
  );

  /** `initialize` without a token, as hosts of 2025-11-25 and earlier begin. */
  readonly initialize: () => Promise<Outcome> = once(() =>
    this.post(initializeRequest(), [], "POST initialize, no token"),
  );

  /** A plain GET without a token: what `curl` does. */
  readonly get: () => Promise<Outcome> = once(() =>
    this.fetch(
      { url: this.url.href, headers: [["Accept", "*/*"]] },
      { to: "MCP server", label: "GET, no token" },
    ),
  );

  /** The challenge of the first answer that has one, as one field value. */
  readonly challengeText: () => Promise<string | undefined> = once(async () => {
    for (const ask of [this.discover, this.initialize, this.get]) {
      const outcome = await ask();
      const text = outcome.kind === "answer" ? header(outcome, "www-authenticate") : undefined;
      if (text !== undefined) return text;
    }
    return undefined;
  });

  /** The protected resource metadata, looked for as hosts do. */
  readonly metadata: () => Promise<MetadataSearch> = once(async () => {
    const fromChallenge = looselyParsed(await this.challengeText())?.resource_metadata;
    return searchProtectedResource(this.recording("MCP server"), this.resource, fromChallenge);
  });

  /** Every authorization server that the metadata names, asked for its own metadata. */
  readonly authorizationServers: () => Promise<readonly ServerSearch[]> = once(async () => {
    const issuers = (await this.metadata()).chosen?.found?.authorizationServers ?? [];
    const searches: ServerSearch[] = [];
    for (const issuer of issuers.slice(0, 5)) {
      searches.push(await searchAuthorizationServer(this.recording("authorization server"), issuer));
    }
    return searches;
  });

  /** A fetcher whose every request becomes a step of the diagram. */
  recording(to: Party): Pick<Fetcher, "fetch"> {
    return {
      fetch: (request) =>
        this.fetch(request, { to, label: `${request.method ?? "GET"} ${pathOf(request.url)}` }),
    };
  }
}

function pathOf(url: string): string {
  return URL.canParse(url) ? new URL(url).pathname : url;
}

/** Scheme and host in lower case, no fragment; a slash that the user did not type is not added. */
function canonicalResource(typed: string): string {
  const url = new URL(typed);
  const path = url.pathname === "/" && !/^[a-z]+:\/\/[^/]+\//i.test(typed) ? "" : url.pathname;
  return `${url.origin}${path}${url.search}`;
}
