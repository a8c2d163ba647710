import { describe, expect, it } from "vitest";
import { developmentLog } from "../src/explanation.js";
import type { GateEvent } from "../src/index.js";
import { explain, openTelemetrySink, pinoSink } from "../src/sinks.js";

const common = {
  requestId: "3f1c",
  method: "POST",
  operations: [{ method: "tools/call", targets: [{ kind: "tool", name: "delete_todo" }] }],
  principal: { issuer: "https://auth.example.com", subject: "usr_1", kind: "person", clientId: "client_1" },
} as const;
const granted: GateEvent = { ...common, kind: "granted" };
const short: GateEvent = {
  ...common,
  kind: "refused",
  reason: "scope_insufficient",
  status: 403,
  required: ["todo:write"],
  granted: ["todo:read"],
};
const unlisted: GateEvent = {
  ...common,
  kind: "refused",
  reason: "policy_unlisted",
  status: 403,
  detail: 'policy.tools["delete_todo"] is not declared',
};

describe("an explanation", () => {
  it("names the line that is missing", () => {
    expect(explain(unlisted)).toBe(
      'mcp-authz refused tools/call delete_todo with 403 (policy_unlisted: policy.tools["delete_todo"] is not declared). Write the line, with the scope that it needs, or [] for any authenticated caller.',
    );
  });

  it.each([granted, short])("is not given where nothing on the server has to change: $kind", (event) => {
    expect(explain(event)).toBeUndefined();
  });

  it("is printed once, however often it happens", () => {
    const lines: string[] = [];
    const log = developmentLog((line) => lines.push(line));
    for (const event of [unlisted, unlisted, short, granted, { ...unlisted, requestId: "other" }]) log(event);
    expect(lines).toEqual([explain(unlisted)]);
  });
});

describe("the pino sink", () => {
  it("logs grants at debug, refusals at info, and mistakes of the server's at warn", () => {
    const lines: unknown[] = [];
    const level = (name: string) => (fields: object, message: string) => lines.push([name, message, fields]);
    const sink = pinoSink({ debug: level("debug"), info: level("info"), warn: level("warn") });
    for (const event of [granted, short, unlisted]) sink(event);
    expect(lines).toEqual([
      ["debug", "request granted", { mcpAuthz: granted }],
      ["info", "request refused: scope_insufficient", { mcpAuthz: short }],
      ["warn", "request refused: policy_unlisted", { mcpAuthz: unlisted, remedy: explain(unlisted) }],
    ]);
  });
});

describe("the OpenTelemetry sink", () => {
  it("counts decisions and notes them on the active span", () => {
    const counted: unknown[] = [];
    const noted: unknown[] = [];
    const sink = openTelemetrySink({
      metrics: {
        getMeter: () => ({
          createCounter: (name) => ({ add: (value, attributes) => counted.push([name, value, attributes]) }),
        }),
      },
      trace: { getActiveSpan: () => ({ addEvent: (name, attributes) => noted.push([name, attributes]) }) },
    });
    sink(granted);
    sink(short);
    expect(counted).toEqual([
      ["mcp_authz.decisions", 1, { "mcp_authz.outcome": "granted", "mcp_authz.reason": "granted" }],
      [
        "mcp_authz.decisions",
        1,
        { "mcp_authz.outcome": "refused", "mcp_authz.reason": "scope_insufficient" },
      ],
    ]);
    expect(noted[1]).toEqual([
      "mcp_authz.refused",
      {
        "mcp_authz.reason": "scope_insufficient",
        "mcp_authz.request_id": "3f1c",
        "mcp_authz.operations": ["tools/call"],
        "http.response.status_code": 403,
        "mcp_authz.required_scopes": ["todo:write"],
        "enduser.id": "usr_1",
        "mcp_authz.client_id": "client_1",
      },
    ]);
  });
});
