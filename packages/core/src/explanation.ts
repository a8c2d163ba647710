import type { ReasonCode } from "./answers.js";
import type { GateEvent } from "./events.js";

/**
 * What to change on the server, for refusals that point at its configuration rather than at the caller; one line.
 * Undefined for everything that is in order: a missing token, an expired one, a scope that the user has not granted.
 */
export function explain(event: GateEvent): string | undefined {
  const remedy = event.kind === "refused" ? remedies[event.reason] : undefined;
  if (event.kind !== "refused" || remedy === undefined) return undefined;
  const asked = event.operations.map(({ method, targets }) =>
    [method, ...targets.map(({ name }) => name)].join(" "),
  );
  const what = asked.length > 0 ? asked.join(", ") : event.method;
  const line = `mcp-authz refused ${what} with ${event.status} (${event.reason}${event.detail === undefined ? "" : `: ${event.detail}`}). ${remedy}`;
  // Names come from the client: one that breaks the line or moves the cursor would write log lines of its own.
  return line.replace(/\p{Cc}/gu, "\ufffd");
}

const remedies: Partial<Record<ReasonCode, string>> = {
  token_issuer: "If that issuer is yours, give it to the provider as one of its issuers, byte for byte.",
  token_audience:
    "If the token is meant for this server, register this server's resource at the authorization server, or list the audience that it puts into tokens under the provider's audience option.",
  token_algorithm:
    "If your authorization server signs with that algorithm, list it under the provider's algorithms option.",
  token_type: "Clients must send the access token, not an ID token or another kind.",
  verifier_unavailable:
    "Check that this server can reach the authorization server's keys or introspection endpoint.",
  policy_unlisted: "Write the line, with the scope that it needs, or [] for any authenticated caller.",
  method_unknown: "If the method is yours, write the line, with the scope that it needs.",
  rule_failed: "Mend the rule: it has to return true, a ruling or { denied }.",
  origin_not_allowed: "If that page may call this server, add its origin to the origins option.",
  host_not_allowed: "If this server is meant to be reached under that name, add it to the hosts option.",
  content_encoding: "Have the proxy before this server send bodies without compression.",
  body_too_large: "If such bodies are expected, raise limits.body.",
};

/** Prints each explanation once: what a developer should see without having asked. */
export function developmentLog(print: (line: string) => void): (event: GateEvent) => void {
  const printed = new Set<string>();
  return (event) => {
    const line = explain(event);
    if (line === undefined || printed.has(line)) return;
    if (printed.size >= 200) printed.clear();
    printed.add(line);
    print(line);
  };
}

/** Whether nobody said that this is production or a test run. */
export function isDevelopment(): boolean {
  const { process } = globalThis as { process?: { env?: Record<string, string | undefined> } };
  const mode = process?.env?.["NODE_ENV"];
  return process?.env !== undefined && (mode === undefined || mode === "development");
}
