/** What a request of the host was for. */
export type Stage =
  | "mcp"
  | "resource metadata"
  | "authorization server metadata"
  | "registration"
  | "authorization"
  | "token";

/** One thing that happened, in the order in which it happened. */
export type HostStep =
  | {
      readonly kind: "request";
      readonly stage: Stage;
      readonly request: SentRequest;
      readonly answer: ReceivedAnswer;
    }
  | { readonly kind: "login" /** Where the person was sent. */; readonly url: string; readonly scope: string }
  | { readonly kind: "authorized" /** The scope that the token has. */; readonly scope: string };

export interface SentRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** As text; empty when there was none. */
  readonly body: string;
}

export interface ReceivedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** As text; empty for streams, which are not waited for. */
  readonly body: string;
}

/** A `fetch` that tells of each request and its answer. */
export function recordingFetch(
  stageOf: (url: URL) => Stage,
  report: (step: HostStep) => void,
  inner: typeof fetch = fetch,
): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const sent = await sentRequest(request, init);
    const response = await inner(input, init);
    const streams = (response.headers.get("content-type") ?? "").includes("event-stream");
    const answer = {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: streams ? "" : await response.clone().text(),
    };
    report({ kind: "request", stage: stageOf(new URL(request.url)), request: sent, answer });
    return response;
  };
}

async function sentRequest(request: Request, init: RequestInit | undefined): Promise<SentRequest> {
  const body = init?.body;
  return {
    method: request.method,
    url: request.url,
    headers: Object.fromEntries(request.headers),
    body: typeof body === "string" || body instanceof URLSearchParams ? String(body) : await request.text(),
  };
}

/** Tells the stages of OAuth apart by where the request goes. */
export function stagesOf(mcpUrl: URL): (url: URL) => Stage {
  return (url) => {
    if (url.origin === mcpUrl.origin && url.pathname === mcpUrl.pathname) return "mcp";
    if (url.pathname.includes("/.well-known/oauth-protected-resource")) return "resource metadata";
    if (url.pathname.includes("/.well-known/")) return "authorization server metadata";
    if (/regist|\/reg$/.test(url.pathname)) return "registration";
    return url.pathname.includes("token") ? "token" : "authorization";
  };
}
