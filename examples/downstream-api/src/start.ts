import type { GateEvent } from "@mcp-authz/core";
import { listen } from "@mcp-authz/example-stage";
import { scalekit } from "@mcp-authz/scalekit";
import { createAssistant } from "./assistant.js";
import { Calendar } from "./calendar.js";
import { createCalendarApi } from "./calendar-api.js";
import type { Environment } from "./environment.js";
import { TokenExchange } from "./token-exchange.js";

export interface Place {
  /** The MCP endpoint. */
  readonly url: string;
  /** The calendar's API. */
  readonly api: string;
  /** APIs that the assistant may ask tokens for. Default: the calendar's. */
  readonly audiences?: readonly string[];
  readonly onApiEvent?: (event: GateEvent) => void;
}

/** The assistant and the calendar, each on a port of this machine. */
export async function start(place: Place, environment: Environment): Promise<{ close(): Promise<unknown> }> {
  const { url, api, audiences = [api], onApiEvent } = place;
  const { environmentUrl, resourceId, clientId, clientSecret } = environment;
  const tokenEndpoint = `${environmentUrl}/oauth/token`;
  const exchange = new TokenExchange({ tokenEndpoint, clientId, clientSecret, audiences });
  const assistant = createAssistant({
    resource: url,
    provider: scalekit({ environmentUrl, resourceId }),
    calendar: new Calendar(exchange),
    usualCalendar: api,
  });
  const servers = await Promise.all([
    listen(assistant, Number(new URL(url).port)),
    listen(createCalendarApi(api, environmentUrl, onApiEvent), Number(new URL(api).port)),
  ]);
  return { close: () => Promise.all(servers.map((server) => server.close())) };
}
