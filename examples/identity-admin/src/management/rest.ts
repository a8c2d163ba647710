import type { ScalekitClient } from "@scalekit-sdk/node";
import * as z from "zod";
import { ManagementError } from "./management-error.js";

export interface RestCall {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Below `/api/v1/`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: Readonly<Record<string, unknown>>;
}

export type Rest = <Answer extends z.ZodType>(answer: Answer, call: RestCall) => Promise<z.output<Answer>>;

const timeout = 20_000;
const refusal = z.object({ code: z.int(), message: z.string() });

/** The environment's REST API, for what the SDK has no call of. The token is the server's own, and is kept until it is refused. */
export function createRest(environmentUrl: string, sdk: ScalekitClient, request: typeof fetch): Rest {
  let token: Promise<string> | undefined;
  const ownToken = (): Promise<string> => {
    token ??= sdk.getClientAccessToken().catch((error: unknown) => {
      token = undefined;
      throw error;
    });
    return token;
  };

  const send = async ({ method, path, query = {}, body }: RestCall): Promise<Response> => {
    const url = new URL(`/api/v1/${path}`, environmentUrl);
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) url.searchParams.set(name, String(value));
    const headers = { Authorization: `Bearer ${await ownToken()}`, "Content-Type": "application/json" };
    return request(url, {
      method,
      headers,
      redirect: "error",
      signal: AbortSignal.timeout(timeout),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  };

  return async (answer, call) => {
    let response = await send(call);
    if (response.status === 401) {
      await response.body?.cancel();
      token = undefined;
      response = await send(call);
    }
    const content: unknown = await response.json();
    if (response.ok) return answer.parse(content);
    const { code, message } = refusal.parse(content);
    throw new ManagementError(code, message);
  };
}
