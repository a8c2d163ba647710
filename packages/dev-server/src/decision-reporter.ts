/** Where decisions are reported, and whose they are. */
export interface DecisionReporterOptions {
  /** URL of the dev server. Default: `SCALEKIT_ENVIRONMENT_URL`. */
  readonly environmentUrl?: string;
  /** `res_…` of the MCP server. Default: `SCALEKIT_RESOURCE_ID`. */
  readonly resourceId?: string;
}

/**
 * Makes an `onEvent` listener for the gate that shows every decision, with its reason, in the dev server's live
 * log. It never throws, never waits, and says nothing where the environment is not on this machine.
 *
 * @example createGate({ …, onEvent: reportDecisions() })
 */
export function reportDecisions(options: DecisionReporterOptions = {}): (event: object) => void {
  const environmentUrl = options.environmentUrl ?? process.env.SCALEKIT_ENVIRONMENT_URL ?? "";
  const server = options.resourceId ?? process.env.SCALEKIT_RESOURCE_ID;
  if (!/^http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:|$)/.test(environmentUrl)) return () => {};
  return (event) => {
    const body = JSON.stringify({ server, decision: event });
    const headers = { "content-type": "application/json" };
    fetch(`${environmentUrl}/_dev/api/decisions`, { method: "POST", headers, body }).catch(() => {});
  };
}
