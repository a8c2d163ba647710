import type { AuthInfo, Identity } from "../auth-info.js";
import { within } from "../deadline.js";
import type { Operation } from "../mcp/operation.js";
import { messageOf } from "../thrown.js";
import type { Decision } from "./decision.js";
import type { Hierarchy } from "./hierarchy.js";
import {
  type CompiledRequirement,
  compileRuling,
  type Denial,
  type RuleFunction,
  type Ruling,
} from "./rule.js";

/** Everything that the rules ask for, held against the caller at once: one challenge has to name it all. */
export function judge(
  requirements: readonly CompiledRequirement[],
  auth: AuthInfo,
  hierarchy: Hierarchy,
): Decision {
  for (const requirement of requirements) {
    const detail = unmendableIn(requirement, auth);
    if (detail !== undefined) return { kind: "denied", detail };
  }
  const granted = hierarchy.expand(auth.scopes);
  if (requirements.every((requirement) => isCovered(requirement, granted))) return { kind: "allowed" };
  const required = requirements.flatMap((requirement) => scopesFor(requirement, granted));
  return { kind: "scopes", required: [...new Set(required)] };
}

/** Says of one requirement after the other whether the caller meets it. */
export function meets(auth: AuthInfo, hierarchy: Hierarchy): (requirement: CompiledRequirement) => boolean {
  const granted = hierarchy.expand(auth.scopes);
  return (requirement) => isCovered(requirement, granted) && unmendableIn(requirement, auth) === undefined;
}

function isCovered({ scopes, anyOf }: CompiledRequirement, granted: ReadonlySet<string>): boolean {
  const has = (scope: string) => granted.has(scope);
  return scopes.every(has) && (anyOf.length === 0 || anyOf.some(has));
}

/** Where one of several is enough, one that is held already, else the first. */
function scopesFor({ scopes, anyOf }: CompiledRequirement, granted: ReadonlySet<string>): readonly string[] {
  const [first] = anyOf;
  return first === undefined ? scopes : [anyOf.find((scope) => granted.has(scope)) ?? first, ...scopes];
}

/** What is missing that no login can bring. */
function unmendableIn(
  { permissions, roles, person }: CompiledRequirement,
  auth: AuthInfo,
): string | undefined {
  const identity = auth.extra as unknown as Identity;
  if (person && identity.kind !== "person") return "a person is needed, the caller is a client";
  const permission = permissions.find((name) => !identity.permissions.includes(name));
  if (permission !== undefined) return `permission ${permission} is missing`;
  if (roles.length > 0 && !roles.some((name) => identity.roles.includes(name)))
    return `none of the roles ${roles.join(", ")} is held`;
  return undefined;
}

/** A rule of the user's that hangs must not hold the request for ever. Milliseconds. */
const patience = 10_000;

/** Asks the user's functions. Whatever goes wrong in there refuses the call. */
export async function evaluate(
  functions: readonly RuleFunction[],
  operation: Operation,
  auth: AuthInfo,
): Promise<CompiledRequirement[] | Decision> {
  const ask = async (rule: RuleFunction) => rule({ operation, arguments: operation.arguments, auth });
  try {
    const rulings = await within(patience, Promise.all(functions.map(ask)));
    if (rulings.includes(false)) return { kind: "denied", detail: "the rule says no" };
    const denial = rulings.find(isDenial);
    if (denial !== undefined) return { kind: "denied", detail: String(denial.denied) };
    return rulings.flatMap((ruling) =>
      ruling === true ? [] : [compileRuling("the rule's answer", ruling as Ruling)],
    );
  } catch (error) {
    return { kind: "failed", detail: messageOf(error) };
  }
}

function isDenial(ruling: unknown): ruling is Denial {
  return typeof ruling === "object" && ruling !== null && Object.hasOwn(ruling, "denied");
}
