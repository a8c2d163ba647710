import { ScalekitClient } from "@scalekit-sdk/node";
import type * as z from "zod";
import type { ScalekitConfig } from "../config.js";
import { managementErrorOf } from "./management-error.js";
import { createRest, type RestCall } from "./rest.js";

/**
 * The environment's management API, called with the server's own credential. There is no parameter for anybody else's:
 * a caller's token was issued for this server and goes no further (MCP 2026-07-28 Authorization, Access Token Privilege Restriction).
 */
export interface Management {
  readonly environmentUrl: string;
  /** The client whose credential this is. */
  readonly clientId: string;
  /** @throws {ManagementError} */
  sdk<T>(work: (sdk: ScalekitClient) => Promise<T>): Promise<T>;
  /** For what the SDK has no call of. The answer is read by its schema. @throws {ManagementError} */
  rest<Answer extends z.ZodType>(answer: Answer, call: RestCall): Promise<z.output<Answer>>;
}

export function createManagement(
  { environmentUrl, clientId, clientSecret }: ScalekitConfig,
  request: typeof fetch = fetch,
): Management {
  const sdk = new ScalekitClient(environmentUrl, clientId, clientSecret);
  const rest = createRest(environmentUrl, sdk, request);
  const translated = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw managementErrorOf(error);
    }
  };
  return {
    environmentUrl,
    clientId,
    sdk: (work) => translated(() => work(sdk)),
    rest: (answer, call) => translated(() => rest(answer, call)),
  };
}
