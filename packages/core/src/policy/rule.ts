import type { AuthInfo } from "../auth-info.js";
import { isScopeToken } from "../challenge.js";
import type { Operation } from "../mcp/operation.js";
import { OptionError } from "../option-error.js";

/**
 * What one tool, prompt, resource or method asks of its caller: one scope, all of several (`[]`: any authenticated
 * caller), a requirement, or a function of the call.
 */
export type Rule = Ruling | RuleFunction;

export type Ruling = string | readonly string[] | Requirement;

/** All that is named has to hold. */
export interface Requirement {
  /** All of these scopes. */
  readonly scopes?: string | readonly string[];
  /** One of these scopes at least; a challenge asks for the first. */
  readonly anyOf?: readonly string[];
  /** All of these permissions, as the token's `permissions` claim lists them. No scope mends their absence. */
  readonly permissions?: string | readonly string[];
  /** One of these roles. No scope mends its absence. */
  readonly roles?: string | readonly string[];
  /** A person, not a client that acts for itself. */
  readonly person?: true;
  /**
   * Nobody in particular: served without a token, and then without `authInfo`. Stands alone.
   * Do not give such a tool the SDK's own `requireScopes`, which lets everybody pass who has no `authInfo`.
   */
  readonly public?: true;
}

/**
 * Decides from the call itself: `true` allows, `false` and a denial refuse for good, a ruling has to hold.
 * Anything else, an exception, or ten seconds without an answer refuses the call with 503.
 */
export type RuleFunction = (call: Call) => boolean | Ruling | Denial | Promise<boolean | Ruling | Denial>;

export interface Call {
  readonly operation: Operation;
  /** The arguments as the client sent them: not validated yet. */
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly auth: AuthInfo;
}

/** For the log; the caller is only told that it may not. */
export interface Denial {
  readonly denied: string;
}

export interface CompiledRequirement {
  readonly scopes: readonly string[];
  readonly anyOf: readonly string[];
  readonly permissions: readonly string[];
  readonly roles: readonly string[];
  readonly person: boolean;
  readonly public: boolean;
}

export type CompiledRule = CompiledRequirement | RuleFunction;

const example =
  'write a scope ("todo:read"), a list of scopes, [] for any authenticated caller, a requirement such as { anyOf: ["a", "b"] }, or a function.';
const known = new Set(["scopes", "anyOf", "permissions", "roles", "person", "public"]);

/** @throws {OptionError} naming `option` when the rule is none. */
export function compileRule(option: string, rule: Rule): CompiledRule {
  return typeof rule === "function" ? rule : compileRuling(option, rule);
}

export function compileRuling(option: string, ruling: Ruling): CompiledRequirement {
  const wrong = (instead: string) => new OptionError(option, ruling, instead);
  if (typeof ruling === "string" || Array.isArray(ruling))
    return requirement({ scopes: scopesOf(ruling as string | string[], wrong) });
  if (typeof ruling !== "object" || ruling === null) throw wrong(example);
  // What the requirement itself holds, not what a polluted prototype adds to it.
  const {
    scopes,
    anyOf,
    permissions,
    roles,
    person,
    public: open,
  }: Requirement = Object.assign(Object.create(null), ruling);
  for (const key of Object.keys(ruling))
    if (!known.has(key)) throw wrong(`"${key}" is not part of a requirement; ${example}`);
  if (Object.keys(ruling).length === 0)
    throw wrong("an empty requirement says nothing; write [] for any authenticated caller.");
  if (open !== undefined && (open !== true || Object.keys(ruling).length > 1))
    throw wrong("public is for everybody; write { public: true } alone.");
  if (person !== undefined && person !== true) throw wrong("write person: true, or leave it out.");
  if (anyOf !== undefined && (!Array.isArray(anyOf) || anyOf.length === 0))
    throw wrong("anyOf needs at least one scope.");
  return requirement({
    scopes: scopesOf(scopes ?? [], wrong),
    anyOf: scopesOf(anyOf ?? [], wrong),
    permissions: namesOf(permissions ?? [], wrong),
    roles: namesOf(roles ?? [], wrong),
    person: person === true,
    public: open === true,
  });
}

function requirement(given: Partial<CompiledRequirement>): CompiledRequirement {
  return Object.freeze({
    scopes: [],
    anyOf: [],
    permissions: [],
    roles: [],
    person: false,
    public: false,
    ...given,
  });
}

function scopesOf(
  value: string | readonly string[],
  wrong: (instead: string) => OptionError,
): readonly string[] {
  const scopes = namesOf(value, wrong);
  const odd = scopes.find((scope) => !isScopeToken(scope));
  if (odd !== undefined)
    throw wrong(
      `${JSON.stringify(odd)} is not a scope: no spaces, quotes or backslashes (RFC 6749 §3.3); write several scopes as a list.`,
    );
  if (scopes.includes("offline_access"))
    throw wrong(
      "leave out offline_access: whether a client wants refresh tokens is its own business (MCP 2026-07-28 Authorization, Refresh Tokens).",
    );
  return [...new Set(scopes)];
}

function namesOf(
  value: string | readonly string[],
  wrong: (instead: string) => OptionError,
): readonly string[] {
  const names = typeof value === "string" ? [value] : value;
  if (!Array.isArray(names) || !names.every((name) => typeof name === "string" && name !== ""))
    throw wrong(example);
  return names;
}
