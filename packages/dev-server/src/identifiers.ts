import { randomInt } from "node:crypto";

/** The prefixes that Scalekit puts before its identifiers; the prefix tells what kind of thing it names. */
export type IdentifierPrefix =
  | "res"
  | "m2m"
  | "m2morg"
  | "skc"
  | "usr"
  | "org"
  | "tkn"
  | "snk"
  | "lri"
  | "conn"
  | "mem";

/** Makes a new identifier of the given kind, for example `res_71834092837465012345`. */
export type Identifiers = (prefix: IdentifierPrefix) => string;

/**
 * Random identifiers, or counted ones (`res_00000000000000000001`) when a test needs the same every time.
 */
export function createIdentifiers(deterministic: boolean): Identifiers {
  if (!deterministic) return (prefix) => `${prefix}_${digits()}${digits()}`;
  const counters = new Map<IdentifierPrefix, number>();
  return (prefix) => {
    const count = (counters.get(prefix) ?? 0) + 1;
    counters.set(prefix, count);
    return `${prefix}_${String(count).padStart(20, "0")}`;
  };
}

function digits(): string {
  return String(randomInt(1_000_000_000, 10_000_000_000));
}
