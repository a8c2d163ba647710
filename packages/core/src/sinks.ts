/**
 * Where events can go: a `pino` logger, OpenTelemetry. Both are handed in, so that neither has to be installed.
 *
 * ```ts
 * import { pinoSink } from "@mcp-authz/core/sinks";
 *
 * mcpAuthz({ resource, provider, policy, onEvent: pinoSink(logger) });
 * ```
 *
 * @module
 */
import type { GateEvent } from "./events.js";
import { explain } from "./explanation.js";

export { explain } from "./explanation.js";

/** What we need of a `pino` logger; others of that shape will do. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

/** Grants at `debug`, refusals at `info`, and at `warn` what points at the server's own configuration. */
export function pinoSink(logger: Logger): (event: GateEvent) => void {
  return (event) => {
    const remedy = explain(event);
    const fields = { mcpAuthz: event, ...(remedy === undefined ? {} : { remedy }) };
    if (event.kind === "granted") logger.debug(fields, "request granted");
    else if (remedy === undefined) logger.info(fields, `request refused: ${event.reason}`);
    else logger.warn(fields, `request refused: ${event.reason}`);
  };
}

/** What we need of `@opentelemetry/api`: pass the module itself. */
export interface OpenTelemetry {
  readonly trace: { getActiveSpan(): Span | undefined };
  readonly metrics: {
    getMeter(name: string): { createCounter(name: string, options: { description: string }): Counter };
  };
}

interface Span {
  addEvent(name: string, attributes: Attributes): unknown;
}

interface Counter {
  add(value: number, attributes: Attributes): void;
}

type Attributes = Record<string, string | number | string[]>;

/** Counts decisions as `mcp_authz.decisions`, and notes each on the span that is active. */
export function openTelemetrySink({ trace, metrics }: OpenTelemetry): (event: GateEvent) => void {
  const decisions = metrics.getMeter("@mcp-authz/core").createCounter("mcp_authz.decisions", {
    description: "Requests to the MCP endpoint, by outcome and reason",
  });
  return (event) => {
    const reason = event.kind === "granted" ? "granted" : event.reason;
    decisions.add(1, { "mcp_authz.outcome": event.kind, "mcp_authz.reason": reason });
    trace.getActiveSpan()?.addEvent(`mcp_authz.${event.kind}`, attributesOf(event, reason));
  };
}

function attributesOf(event: GateEvent, reason: string): Attributes {
  const { principal, operations } = event;
  return {
    "mcp_authz.reason": reason,
    "mcp_authz.request_id": event.requestId,
    "mcp_authz.operations": operations.map(({ method }) => method),
    ...(event.kind === "refused" ? { "http.response.status_code": event.status } : {}),
    ...(event.kind === "refused" && event.required !== undefined
      ? { "mcp_authz.required_scopes": [...event.required] }
      : {}),
    // OpenTelemetry semantic conventions, enduser.
    ...(principal === undefined
      ? {}
      : { "enduser.id": principal.subject, "mcp_authz.client_id": principal.clientId }),
  };
}
