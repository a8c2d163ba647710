import {
  type Answer,
  acceptedMethods,
  answerTo,
  inBandAnswer,
  type ReasonCode,
  type Rejection,
} from "./answers.js";
import type { AuthInfo } from "./auth-info.js";
import { isScopeToken } from "./challenge.js";
import type { Credentials } from "./credentials.js";
import type { GateEvent } from "./events.js";
import { isPromise } from "./eventually.js";
import type { Facts } from "./facts.js";
import { Granted } from "./granted.js";
import type { Operation, Target } from "./mcp/operation.js";
import type { McpRequest } from "./mcp/request.js";
import { corsHeaders, isPreflight, preflightHeaders } from "./origin.js";
import { Outgoing } from "./outgoing.js";
import type { Decision } from "./policy/decision.js";
import type { Rewrite } from "./policy/listing.js";
import { principalOf } from "./principal.js";
import type { Settings } from "./settings.js";

/** One request on its way through the gate: what is known of it, and how it ends. */
export class Exchange {
  readonly facts: Facts;
  auth: AuthInfo | undefined;
  request: McpRequest | undefined;
  readonly #settings: Settings;
  #requestId: string | undefined;
  #origin: string | null = null;
  #secret: string | undefined;
  #nonce: string | undefined;

  constructor(settings: Settings, facts: Facts) {
    this.#settings = settings;
    this.facts = facts;
  }

  /** One for the client, the log and whoever has to match the two. */
  get requestId(): string {
    this.#requestId ??= crypto.randomUUID();
    return this.#requestId;
  }

  /** The request may come from `origin`; null for one that no browser sent. */
  admit(origin: string | null): void {
    this.#origin = origin;
  }

  /** The request presented these; what it presented must not appear in anything that we report. */
  present(credentials: Credentials): void {
    if ("token" in credentials) this.#secret = credentials.token;
  }

  /** What the next DPoP proof has to hold (RFC 9449 §8.2). */
  demand(nonce: string | undefined): void {
    this.#nonce = nonce;
  }

  identify(auth: AuthInfo | undefined): void {
    this.auth = auth;
  }

  answerOptions(): Answer {
    const { facts } = this;
    const permitted: [string, string][] =
      isPreflight(facts) && this.#settings.cors
        ? preflightHeaders(facts, acceptedMethods)
        : [["Allow", acceptedMethods]];
    return { kind: "answer", status: 204, headers: [...this.#headers(), ...permitted], body: "" };
  }

  refuse(reason: ReasonCode, more: Omit<Partial<Rejection>, "kind" | "reason"> = {}): Answer {
    const id = more.id ?? this.request?.id;
    const rejection: Rejection = {
      scopes: this.#settings.policy.baseline,
      modern: this.request?.era === "modern",
      ...more,
      ...(id === undefined ? {} : { id }),
      kind: "rejection",
      reason,
    };
    const answer = answerTo(rejection, this.#settings.challenge, this.#headers());
    this.#report((common) => ({
      ...common,
      kind: "refused",
      reason,
      status: answer.status,
      ...(rejection.detail === undefined ? {} : { detail: this.#redacted(rejection.detail) }),
      ...(rejection.required === undefined
        ? {}
        : { required: rejection.required, granted: this.auth?.scopes ?? [] }),
    }));
    return answer;
  }

  /** The policy's refusal. */
  deny(decision: Exclude<Decision, { kind: "allowed" }>): Answer {
    const answer = this.#denied(decision);
    const { request, facts } = this;
    const calls = request?.id !== undefined && request.operations[0]?.method === "tools/call";
    if (!calls || !this.#settings.inBand(facts)) return answer;
    return inBandAnswer(answer, request.id as string | number, request.era === "modern") ?? answer;
  }

  #denied(decision: Exclude<Decision, { kind: "allowed" }>): Answer {
    switch (decision.kind) {
      case "authentication":
        return this.refuse("credentials_missing");
      case "scopes":
        return this.refuse("scope_insufficient", {
          scopes: this.#challengeScopes(decision.required),
          required: decision.required,
        });
      case "denied":
        return this.refuse("policy_denied", { detail: decision.detail });
      case "unlisted":
        return this.refuse("policy_unlisted", { detail: `${decision.option} is not declared` });
      case "unknown method":
        return this.refuse("method_unknown", { detail: `${decision.option} is not declared` });
      case "failed":
        return this.refuse("rule_failed", { detail: decision.detail });
    }
  }

  grant(body: unknown): Granted {
    this.#report((common) => ({ ...common, kind: "granted" }));
    const outgoing = new Outgoing(this, this.#settings.owners, this.#rewrite());
    return new Granted(this.auth, body, this.#headers(), outgoing);
  }

  /** What becomes of the lists in the answer; undefined when there are none to change. */
  #rewrite(): Rewrite | undefined {
    let rewrite: Rewrite | undefined;
    for (const { method } of this.request?.operations ?? []) {
      const before = rewrite;
      const next = this.#settings.listing(method, this.auth);
      if (next !== undefined)
        rewrite = before === undefined ? next : (message: unknown) => next(before(message));
    }
    return rewrite;
  }

  /**
   * MCP 2026-07-28 clients unite a challenge with the scopes that they have; those of the older protocols replace
   * them, and would lose what the challenge does not repeat.
   */
  #challengeScopes(required: readonly string[]): readonly string[] {
    const kept = this.request?.era === "modern" ? [] : (this.auth?.scopes ?? []);
    const scopes = new Set([...kept, ...this.#settings.policy.baseline, ...required]);
    scopes.delete("offline_access");
    // A token's scopes come from elsewhere; nothing that is no scope gets into a header.
    return [...scopes].filter(isScopeToken);
  }

  #headers(): readonly HeaderLine[] {
    const headers: HeaderLine[] = [...always, ["X-Request-Id", this.requestId]];
    if (this.#nonce !== undefined) headers.push(["DPoP-Nonce", this.#nonce]);
    if (!this.#settings.cors) return headers;
    headers.push(varies);
    if (this.#origin !== null) headers.push(...corsHeaders(this.#origin));
    return headers;
  }

  #report(
    event: (common: Pick<GateEvent, "requestId" | "method" | "operations" | "principal">) => GateEvent,
  ): void {
    const { onEvent } = this.#settings;
    if (onEvent === undefined) return;
    const operations = this.request?.operations ?? [];
    try {
      const done: unknown = onEvent(
        event({
          requestId: this.requestId,
          method: this.facts.method,
          operations: operations.slice(0, mostInEvent).map(shortened),
          ...(this.auth === undefined ? {} : { principal: principalOf(this.auth) }),
        }),
      );
      if (isPromise(done)) done.then(undefined, () => {});
    } catch {
      // A log that fails must not decide about a request.
    }
  }

  /** A foreign verifier or rule may put the token into its message. */
  #redacted(detail: string): string {
    return (this.#secret === undefined ? detail : detail.replaceAll(this.#secret, "[redacted]")).slice(
      0,
      longestText,
    );
  }
}

type HeaderLine = readonly [name: string, value: string];

const always: readonly HeaderLine[] = [
  ["Cache-Control", "no-store"],
  ["X-Content-Type-Options", "nosniff"],
];
/** Whether CORS headers are there depends on it. */
const varies: HeaderLine = ["Vary", "Origin"];

const mostInEvent = 20;
const longestText = 500;

/** Names come from the client, and a log line has to stay one. */
function shortened({ method, targets }: Operation): Pick<Operation, "method" | "targets"> {
  const cut = ({ kind, name }: Target): Target => ({ kind, name: name.slice(0, longestText) });
  return { method: method.slice(0, longestText), targets: targets.slice(0, mostInEvent).map(cut) };
}
