import type { Issuer } from "../issuer.js";

/** What a run has for all of its chapters. */
export interface Context {
  readonly quick: boolean;
  readonly issuer: Issuer;
  /** File of minted tokens, one in a line: 256 to be seen again and again, then enough that none is remembered. */
  readonly tokenFile: string;
}
