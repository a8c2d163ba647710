import type { Check } from "../check.js";
import { examined, type Problem, skipped } from "../finding.js";
import type { Outcome } from "../net/answer.js";

export const remoteUrlsCheck: Check = {
  id: "V33",
  title: "The documents lead to public addresses only",
  section: "MCP security best practices, Server-Side Request Forgery",
  async examine(inspection) {
    const { candidates } = await inspection.metadata();
    const servers = await inspection.authorizationServers();
    const fetched: readonly { readonly url: string; readonly outcome: Outcome }[] = [
      ...candidates,
      ...servers.flatMap(({ attempts }) => attempts),
    ];
    if (fetched.length === 0) return skipped("no document names a URL");
    const endpoints = servers.flatMap(({ document = {} }) =>
      ["authorization_endpoint", "token_endpoint", "registration_endpoint", "jwks_uri"].flatMap((name) => {
        const url = document[name];
        const refused = typeof url === "string" ? inspection.refuses(url) : undefined;
        return refused === undefined ? [] : [problemOf(`${name} ${url}`, refused)];
      }),
    );
    const refused = fetched.flatMap(({ url, outcome }) =>
      outcome.kind === "failure" && (outcome.reason === "address refused" || outcome.reason === "url refused")
        ? [problemOf(url, outcome.detail)]
        : [],
    );
    return examined(`${fetched.length} URLs, all fit to be fetched`, refused[0], ...endpoints);
  },
};

function problemOf(url: string, detail: string): Problem {
  return {
    code: "url-refused",
    severity: "fail",
    seen: `${url} was not fetched: ${detail}`,
    why: "Hosts that guard themselves refuse it as well; others could be made to attack the network they run in.",
    change: "Name public https URLs in metadata and challenge",
  };
}
