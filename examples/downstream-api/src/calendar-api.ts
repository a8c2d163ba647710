import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { type GateEvent, identityOf, jwt } from "@mcp-authz/core";
import { getAuth, mcpAuthz } from "@mcp-authz/core/node";

const events: Readonly<Record<string, readonly string[]>> = {
  "ada@acme.example": ["10:00 Analytical engine, second review"],
  "max@acme.example": ["14:00 Dentist"],
};

/**
 * Another team's API, which knows nothing of MCP. It is a resource server in its own right: tokens have to be for it, and
 * for nobody else.
 *
 * @param resource its own identifier, which is the audience that it takes
 */
export function createCalendarApi(
  resource: string,
  issuer: string,
  onEvent: (event: GateEvent) => void = () => {},
): RequestListener {
  const guard = mcpAuthz({
    resource,
    provider: jwt({ issuer, audience: resource }),
    policy: { baseline: "calendar:read" },
    onEvent,
  });
  return (request, response) => {
    guard(request, response, (error) => serve(request, response, error));
  };
}

function serve(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  if (error !== undefined || request.method !== "GET") {
    response.writeHead(error === undefined ? 404 : 500).end();
    return;
  }
  const { subject, claims } = identityOf(getAuth(request));
  const { custom_claims: custom, act } = claims as {
    custom_claims?: { email?: string };
    act?: { sub?: string };
  };
  response.setHeader("Content-Type", "application/json");
  response.end(
    JSON.stringify({
      events: events[custom?.email ?? ""] ?? [],
      // For the audit log: the calendar is this person's, and this is who came for it.
      owner: subject,
      read_by: act?.sub,
    }),
  );
}
