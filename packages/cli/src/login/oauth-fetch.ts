import { allowInsecureRequests, customFetch } from "oauth4webapi";
import type { Inspection } from "../inspection.js";
import type { Answer } from "../net/answer.js";
import { LoginFault } from "./fault.js";

/** Options of oauth4webapi's requests. */
export interface RequestOptions {
  readonly [customFetch]: (url: string, options: FetchOptions) => Promise<Response>;
  readonly [allowInsecureRequests]: boolean;
}

interface FetchOptions {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: unknown;
}

/**
 * Lets oauth4webapi talk through the guarded fetcher. Whether plain http is allowed is the fetcher's decision
 * (loopback only), so the library's own check is off. `seen` is given every answer as it came.
 */
export function requestOptions(
  inspection: Inspection,
  label: string,
  seen?: (answer: Answer) => void,
): RequestOptions {
  return {
    [allowInsecureRequests]: true,
    [customFetch]: async (url, { method, headers, body }) => {
      const outcome = await inspection.fetch(
        {
          method,
          url,
          headers: Object.entries(headers),
          ...(body === undefined || body === null ? {} : { body: String(body) }),
        },
        { to: "authorization server", label, verbatim: true },
      );
      if (outcome.kind === "failure") {
        throw new LoginFault({
          code: "login-request-failed",
          seen: `${label}: ${outcome.reason}: ${outcome.detail}`,
          why: "A host's login ends here.",
          change: `Make ${new URL(url).origin} answer, at a public https address`,
          section: "MCP authorization, Communication Security",
        });
      }
      seen?.(outcome);
      return responseOf(outcome);
    },
  };
}

function responseOf({ status, headers, body }: Answer): Response {
  const list = new Headers();
  for (const [name, value] of headers) {
    if (/^(?:content-length|content-encoding|transfer-encoding|set-cookie)$/i.test(name)) continue;
    try {
      list.append(name, value);
    } catch {
      // A header that fetch would not accept is one that no client sees.
    }
  }
  return new Response(status === 204 || status === 304 ? null : body, { status, headers: list });
}
