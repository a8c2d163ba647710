import type { TokenMint } from "./token-mint.js";

/** One way in which a token is no good, although everything else about it is right. */
export interface WrongToken {
  /** What it is, as the object of "refuses …". */
  readonly title: string;
  /** The sentence of the standard that a server which accepts it would break. */
  readonly why: string;
  /** Rows of the contract's threat list. */
  readonly rows: readonly string[];
  make(mint: TokenMint): string;
}
