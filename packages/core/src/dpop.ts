/**
 * Sender-constrained tokens: DPoP (RFC 9449). Off unless it is passed to the gate.
 *
 * ```ts
 * import { dpop } from "@mcp-authz/core/dpop";
 *
 * mcpAuthz({ resource, provider, policy, handler, dpop: dpop({ required: true }) });
 * ```
 *
 * @module
 */
import {
  type DpopRequest,
  type DpopVerdict,
  DpopVerifier,
  type DpopOptions as ProofOptions,
} from "./token/dpop.js";

export type { DpopRequest, DpopVerdict } from "./token/dpop.js";
export { type DpopNonces, dpopNonces } from "./token/dpop-nonce.js";

export interface DpopOptions extends ProofOptions {
  /** Refuse tokens that are not bound to a key. Default false: both kinds are accepted, each in its own way. */
  readonly required?: boolean;
}

/** How a gate treats tokens that are bound to a key. */
export interface Dpop {
  readonly required: boolean;
  /** For the metadata (RFC 9728 §2) and the challenge (RFC 9449 §7.1). */
  readonly algorithms: readonly string[];
  verify(request: DpopRequest): Promise<DpopVerdict>;
  /** For the `DPoP-Nonce` header of answers; undefined when none are asked for. */
  nonce(): Promise<string | undefined>;
}

/** @throws {OptionError} when the options cannot work. */
export function dpop({ required = false, ...options }: DpopOptions = {}): Dpop {
  const verifier = new DpopVerifier(options);
  return {
    required,
    algorithms: verifier.algorithms,
    verify: (request) => verifier.verify(request),
    nonce: () => verifier.nonce(),
  };
}
