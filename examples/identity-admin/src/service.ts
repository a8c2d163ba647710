import type { Audit } from "./audit.js";
import { Exclusive } from "./exclusive.js";
import { Idempotency } from "./idempotency.js";
import type { Management } from "./management/management.js";

/** What all callers share. */
export interface Service {
  readonly management: Management;
  readonly exclusive: Exclusive;
  readonly idempotency: Idempotency;
  readonly audit: Audit;
}

export function createService(management: Management, audit: Audit): Service {
  return { management, audit, exclusive: new Exclusive(), idempotency: new Idempotency() };
}
