import type { AuthInfo } from "@mcp-authz/core";
import * as z from "zod";
import type { TokenExchange } from "./token-exchange.js";

export const calendarSchema = z.object({
  events: z.array(z.string()),
  owner: z.string(),
  read_by: z.string().optional(),
});

export type CalendarDay = z.infer<typeof calendarSchema>;

/** The calendar did not give what it should have. */
export class CalendarError extends Error {
  override readonly name = "CalendarError";
}

/** Reads the caller's calendar, in their name. */
export class Calendar {
  readonly #exchange: TokenExchange;

  constructor(exchange: TokenExchange) {
    this.#exchange = exchange;
  }

  /** @param api resource identifier of the calendar's API; nothing is sent to one that is not on the exchange's list */
  async today(caller: AuthInfo, api: string): Promise<CalendarDay> {
    const token = await this.#exchange.tokenFor(caller, api, "calendar:read");
    const response = await fetch(`${api}/events`, {
      headers: { Authorization: `Bearer ${token}`, Accept: "application/json" },
      redirect: "error",
      signal: AbortSignal.timeout(10_000),
    });
    if (!response.ok) throw new CalendarError(`The calendar answered with ${response.status}`);
    return calendarSchema.parse(await response.json());
  }
}
