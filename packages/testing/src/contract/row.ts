import type { TokenMint } from "../mint/token-mint.js";
import type { RawAnswer } from "../raw/answer.js";
import type { RawConnection } from "../raw/connection.js";
import type { RawRequest } from "../raw/request.js";
import type { Prefix } from "./prefix.js";
import type { ProbeLog } from "./probe.js";
import type { SetupName } from "./setups.js";

/**
 * One request and the answer that it must get, whatever the framework.
 *
 * A row states what it expects literally. Nothing in it is computed by `@mcp-authz/core`, so that a fault in there
 * cannot pass in every binding at once.
 */
export interface ContractRow {
  /** Numbers of the threat list that the row belongs to. */
  readonly rows: readonly string[];
  /** A sentence of behaviour. */
  readonly title: string;
  /** The standard's section, and what it says. */
  readonly why: string;
  /** The options that the server under test was made with. */
  readonly setup: SetupName;
  readonly request: (mints: Mints) => RawRequest;
  /** Any one of these; more than one only where `because` says why frameworks may differ. */
  readonly expected: ExpectedAnswer | readonly ExpectedAnswer[];
  readonly because?: string;
  /** In place of `expected`, where the application's own route serves behind the gate: its router decides what it knows. */
  readonly servedByApplication?: ExpectedAnswer | readonly ExpectedAnswer[];
  /** In place of `expected`, where the application parses bodies before the gate: its parser speaks first. */
  readonly readByApplication?: ExpectedAnswer | readonly ExpectedAnswer[];
  /** Whether it needs a server of its own, with issuers that nobody has asked yet. */
  readonly fresh?: true;
  /** Whether the gate has to be the one who reads bodies: another reader would wait for one that never comes. */
  readonly needsBodies?: true;
}

export interface ExpectedAnswer {
  readonly status: number | readonly number[];
  /** The whole WWW-Authenticate header; null when there is none. Left out: not looked at. */
  readonly challenge?: string | null;
  /** Other headers: the value, a pattern for it, or null for a header that must not be there. */
  readonly headers?: Readonly<Record<string, string | RegExp | null>>;
  /** JSON that the body must be equal to; "" for an empty body. Left out: not looked at. */
  readonly body?: unknown;
  /** Whether the MCP handler ran. */
  readonly ran: boolean;
}

/** What takes more than one request: connections, streams, concurrency, keys that change. */
export interface ContractScenario {
  readonly rows: readonly string[];
  readonly title: string;
  readonly why: string;
  readonly setup: SetupName;
  /** Whether it needs a server of its own, with issuers that nobody has asked yet. */
  readonly fresh?: true;
  /** Whether the gate has to be the one who reads bodies, for the scenario to make sense. */
  readonly needsBodies?: true;
  run(scene: Scene): Promise<void>;
}

/** A server under test with everything that a scenario can look at. */
export interface Scene {
  readonly url: string;
  /** What the contract's literals are below the target's prefix. */
  readonly prefix: Prefix;
  readonly servedBy: "gate" | "application";
  readonly mints: Mints;
  readonly probe: ProbeLog;
  open(): Promise<RawConnection>;
  exchange(request: RawRequest): Promise<RawAnswer>;
}

/** The issuers of a setup. */
export interface Mints {
  readonly mint: TokenMint;
  /** A second issuer, in setups that have one. */
  readonly partner: TokenMint;
}
