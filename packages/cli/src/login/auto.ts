import type { Inspection } from "../inspection.js";
import { header, headerValues, isRedirect, summary } from "../net/answer.js";
import type { Visit } from "./code-flow.js";
import { LoginFault } from "./fault.js";

/** Enough for any login page's own redirects. */
const maximum = 20;

/** Plays the browser: follows redirects with their cookies until they lead to the redirect URI. */
export function automaticVisit(inspection: Inspection, redirectUri: string): Visit {
  return async (start) => {
    const cookies = new Map<string, string>();
    let url = start;
    for (let hop = 0; hop < maximum; hop += 1) {
      const pairs = [...cookies].map(([name, value]) => `${name}=${value}`);
      const outcome = await inspection.fetch(
        { url: url.href, headers: pairs.length === 0 ? [] : [["Cookie", pairs.join("; ")]] },
        { from: "browser", to: "authorization server", label: `GET ${url.pathname}` },
      );
      const location =
        outcome.kind === "answer" && isRedirect(outcome) ? header(outcome, "location") : undefined;
      if (outcome.kind === "failure" || location === undefined || !URL.canParse(location, url.href)) {
        throw new LoginFault({
          code: "login-not-automatic",
          seen: `${url.origin}${url.pathname}: ${summary(outcome)}`,
          why: "The authorization server wants a person, or does not answer.",
          change:
            "Use --login, which opens the browser, or let the test authorization server approve by itself",
          section: "RFC 6749 §4.1.2",
        });
      }
      for (const line of headerValues(outcome, "set-cookie")) remember(cookies, line);
      url = new URL(location, url);
      if (url.href.startsWith(redirectUri)) return url.searchParams;
    }
    throw new LoginFault({
      code: "login-redirects-for-ever",
      seen: `more than ${maximum} redirects from ${start.origin}`,
      why: "The login never comes back to the client.",
      change: "Redirect to the redirect_uri after approval",
      section: "RFC 6749 §4.1.2",
    });
  };
}

function remember(cookies: Map<string, string>, line: string): void {
  const [pair = ""] = line.split(";");
  const equals = pair.indexOf("=");
  if (equals > 0) cookies.set(pair.slice(0, equals).trim(), pair.slice(equals + 1).trim());
}
