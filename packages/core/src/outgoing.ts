import type { Answer } from "./answers.js";
import type { Exchange } from "./exchange.js";
import { singleHeader } from "./facts.js";
import { lateDenialOf, onLateDenial } from "./late-denial.js";
import { type Rewriter, rewriterFor } from "./mcp/rewriter.js";
import type { Rewrite } from "./policy/listing.js";
import type { SessionOwners } from "./session-owners.js";

/** The head of a handler's answer, as a binding sees it. */
export interface AnswerHead {
  readonly status: number;
  /** One header's value, by its lower-case name. */
  header(name: string): string | null | undefined;
}

/** Operations whose own code may still find out that the caller may not go on. */
const deniesLate: ReadonlySet<string> = new Set(["tools/call", "resources/read", "prompts/get"]);

/** The way back: what becomes of the handler's answer before the client gets it. */
export class Outgoing {
  /** Whether the head should wait for the first piece of the body: until then, a tool may still deny (`LateDenial`). */
  readonly mayStillDeny: boolean;
  /** Whether the body may have to change, so that its length cannot be promised. */
  readonly rewrites: boolean;
  /** Whether a session is expected to begin or end with the answer: the client may use it as soon as it has the head. */
  readonly turnsSession: boolean;
  readonly #exchange: Exchange;
  readonly #owners: SessionOwners;
  readonly #rewrite: Rewrite | undefined;

  constructor(exchange: Exchange, owners: SessionOwners, rewrite: Rewrite | undefined) {
    this.#exchange = exchange;
    this.#owners = owners;
    this.#rewrite = rewrite;
    this.rewrites = rewrite !== undefined;
    const operations = exchange.request?.operations ?? [];
    this.turnsSession =
      exchange.facts.method === "DELETE" || operations.some(({ method }) => method === "initialize");
    this.mayStillDeny = exchange.request?.id !== undefined && deniesLate.has(operations[0]?.method ?? "");
  }

  /** Call once, when the answer begins. What it returns goes out in the answer's stead. */
  begin(head: AnswerHead): Answer | undefined {
    this.noteSession(head);
    const missing = this.mayStillDeny ? lateDenialOf(this.#exchange.auth) : undefined;
    if (missing === undefined) return undefined;
    if (typeof missing === "object" && "denied" in missing)
      return this.#exchange.deny({ kind: "denied", detail: missing.denied });
    return this.#exchange.deny({
      kind: "scopes",
      required: typeof missing === "string" ? [missing] : missing,
    });
  }

  /** Remembers whose session began, or that it ended. `begin` does it, too. */
  noteSession(head: AnswerHead): void {
    const { auth, facts } = this.#exchange;
    const opened = head.header("mcp-session-id");
    const used = singleHeader(facts.headers, "mcp-session-id");
    if (typeof opened === "string" && opened !== used) this.#owners.opened(opened, auth);
    if (facts.method === "DELETE" && used !== undefined && head.status < 300) this.#owners.ended(used);
  }

  /** Calls back when a tool denies late, for bindings that do not look at each answer; undefined takes the listener away. */
  onLateDenial(denied: (() => void) | undefined): void {
    if (this.mayStillDeny) onLateDenial(this.#exchange.auth, denied);
  }

  /** Changes the body on its way; undefined when it goes out as it is. */
  rewriter(head: AnswerHead): Rewriter | undefined {
    // What the handler compressed itself cannot be read here.
    const plain = /^(?:identity)?$/i.test(head.header("content-encoding") ?? "");
    return this.#rewrite === undefined || !plain
      ? undefined
      : rewriterFor(head.header("content-type"), this.#rewrite);
  }
}
