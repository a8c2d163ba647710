import type { Answer, ReasonCode } from "./answers.js";
import type { AuthInfo } from "./auth-info.js";
import { callerOf } from "./caller.js";
import { credentialsOf } from "./credentials.js";
import { after, type Eventually, isPromise } from "./eventually.js";
import { Exchange } from "./exchange.js";
import { type Facts, headerValues } from "./facts.js";
import type { Granted } from "./granted.js";
import { type Body, messagesOf } from "./mcp/body.js";
import { requestedBy } from "./mcp/request.js";
import { metadataAnswer } from "./metadata.js";
import type { McpAuthzOptions } from "./options.js";
import { decideAll } from "./policy/decision.js";
import { type Settings, settingsOf } from "./settings.js";
import { type Place, placeOf } from "./target.js";
import { messageOf } from "./thrown.js";
import { type Reading, readingOf, transportFault } from "./transport.js";

/**
 * The two steps that stand before an MCP server. Step 2 hangs on the result of step 1, so that neither can be
 * left out, taken in the wrong order, or taken for somebody else's request.
 */
export interface Gate {
  /** Step 1, before one byte of the body is read. Never throws and never rejects; there at once for a token seen before. */
  authenticate(facts: Facts): Eventually<Outcome>;
}

export type Outcome =
  /** Not our endpoint and not our metadata: the application's own business. */
  { readonly kind: "outside" } | Answer | Authenticated;

export interface Authenticated {
  readonly kind: "authenticated";
  /** How to read the body; undefined when there is none to read. */
  readonly reading: Reading | undefined;
  /** Step 2, with the body that was read. Never throws and never rejects. */
  authorize(body: Body): Eventually<Verdict>;
}

export type Verdict = Answer | Granted;

/** @throws {OptionError} when the options cannot work; a gate that was made can serve. */
export function createGate(options: McpAuthzOptions): Gate {
  const settings = settingsOf(options);
  return {
    authenticate(facts) {
      const exchange = new Exchange(settings, facts);
      return failingClosed(exchange, () => authenticate(settings, exchange));
    },
  };
}

/** Code of the user's runs in here; whatever it throws, the request is refused and nobody has to catch anything. */
function failingClosed<T>(exchange: Exchange, step: () => Eventually<T>): Eventually<T | Answer> {
  const failed = (error: unknown) => exchange.refuse("gate_failed", { detail: messageOf(error) });
  try {
    const done = step();
    return isPromise(done) ? done.then(undefined, failed) : done;
  } catch (error) {
    return failed(error);
  }
}

function authenticate(settings: Settings, exchange: Exchange): Eventually<Outcome> {
  const { facts } = exchange;
  const place = placeOf(settings.place, facts);
  if (place === "outside") return { kind: "outside" };
  if (place === "metadata") return metadataAnswer(facts.method, settings.document);

  if (!settings.origins.hostAllowed(facts)) return exchange.refuse("host_not_allowed");
  const origin = settings.origins.originOf(facts);
  if (origin === undefined) return exchange.refuse("origin_not_allowed");
  exchange.admit(origin);
  if (facts.method === "OPTIONS") return exchange.answerOptions();

  const credentials = credentialsOf(facts);
  exchange.present(credentials);
  return after(credentials.kind === "dpop" ? settings.dpop?.nonce() : undefined, (nonce) => {
    exchange.demand(nonce);
    return after(callerOf(settings, credentials, facts), (caller) =>
      caller.kind === "rejection"
        ? exchange.refuse(caller.reason, caller)
        : authenticated(settings, exchange, caller.auth, place),
    );
  });
}

function authenticated(
  settings: Settings,
  exchange: Exchange,
  auth: AuthInfo | undefined,
  place: Place,
): Answer | Authenticated {
  exchange.identify(auth);
  if (settings.exclusive && place === "below") return exchange.refuse("not_found");
  const { facts } = exchange;
  const fault = transportFault(facts, auth, settings.limits);
  if (fault !== undefined) return exchange.refuse(fault);
  return {
    kind: "authenticated",
    reading: facts.method === "POST" ? readingOf(facts, settings.limits) : undefined,
    authorize: (body) => failingClosed(exchange, () => authorize(settings, exchange, body)),
  };
}

function authorize(settings: Settings, exchange: Exchange, body: Body): Eventually<Verdict> {
  const { facts, auth } = exchange;
  const read = messagesOf(body, facts, settings.limits.batch);
  if (read.kind === "fault") return exchange.refuse(read.reason, read);

  const request = requestedBy(read.messages, facts.headers);
  if (request.kind === "fault") return exchange.refuse(request.reason, request);
  exchange.request = request;
  return after(sessionFault(settings, exchange), (foreign) => {
    if (foreign !== undefined) return exchange.refuse(foreign);
    return after(decideAll(settings.policy, request.operations, auth), (decision) =>
      decision.kind === "allowed" ? exchange.grant(read.value) : exchange.deny(decision),
    );
  });
}

/** A session belongs to those who opened it. The modern protocol has none, but a server may not know that. */
function sessionFault({ owners }: Settings, { facts, auth }: Exchange): Eventually<ReasonCode | undefined> {
  const [session, ...more] = headerValues(facts.headers, "mcp-session-id");
  if (session === undefined) return undefined;
  // MCP 2025-11-25 Session Management: visible ASCII. Two lines that Fetch has joined have a space between them.
  if (more.length > 0 || !/^[\x21-\x7e]+$/.test(session)) return "message_invalid";
  return owners.faultOf(session, auth);
}
