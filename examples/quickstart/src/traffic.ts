/** One HTTP request and its answer, as they went over the wire. */
export interface Exchange {
  method: string;
  url: URL;
  requestHeaders: Headers;
  requestBody: string;
  status: number;
  responseHeaders: Headers;
  responseBody: string;
}

/** A `fetch` that lets somebody watch. What the client gets is untouched. */
export function watchedFetch(watch: (exchange: Exchange) => void): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const requestBody = await request.clone().text();
    const response = await fetch(request);
    watch({
      method: request.method,
      url: new URL(request.url),
      requestHeaders: request.headers,
      requestBody,
      status: response.status,
      responseHeaders: response.headers,
      responseBody: await response.clone().text(),
    });
    return response;
  };
}

/** The JSON in a request body; undefined when it is not JSON. */
export function sentJson(exchange: Exchange): Json | undefined {
  return parsed(exchange.requestBody);
}

/** The JSON in an answer, or in the last event of an answer that is an event stream. */
export function receivedJson(exchange: Exchange): Json | undefined {
  if (!exchange.responseHeaders.get("content-type")?.startsWith("text/event-stream"))
    return parsed(exchange.responseBody);
  const last = exchange.responseBody
    .split("\n")
    .filter((line) => line.startsWith("data:") && line.length > 6)
    .at(-1);
  return last === undefined ? undefined : parsed(last.slice(5));
}

export type Json = Record<string, unknown>;

/** A member of an object inside an object …; undefined as soon as one of them is missing. */
export function at(json: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === "object" && value !== null ? (value as Json)[key] : undefined),
    json,
  );
}

/** The claims of a JWT, not verified: for showing, never for deciding. */
export function claimsOf(token: string): Json {
  return parsed(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) ?? {};
}

function parsed(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Json) : undefined;
  } catch {
    return undefined;
  }
}
