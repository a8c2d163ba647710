import { decodeJwt, decodeProtectedHeader } from "jose";
import { describe, expect, it } from "vitest";
import { type VerifyInsideOptions, verifyInside } from "../src/index.js";
import { onAnswer } from "./remedies/remedy.js";
import type { Mending } from "./servers/mending.js";
import { startSdkServer } from "./servers/sdk-server.js";

/** The SDK's sample with one more fault in it. */
async function codesOf(
  fault: Mending,
  options: Pick<VerifyInsideOptions, "only" | "tools">,
): Promise<string[]> {
  const { findings } = await verifyInside({
    app: ({ issuer, port, resource }) =>
      startSdkServer({ issuer }, { at: { port, resource }, mend: () => fault }),
    ...options,
  });
  return findings.map(({ check, code }) => `${check} ${code}`);
}

const refused = (scope: string): Mending => ({
  behind: (request, response, next) => {
    const body: unknown = request.body;
    if ((body as { method?: string }).method !== "tools/call") return next();
    const challenge = `Bearer error="insufficient_scope", scope="${scope}", resource_metadata="http://localhost/"`;
    response.status(403).set("WWW-Authenticate", challenge).end();
  },
});

describe("verify from inside", () => {
  it.each<readonly [code: string, check: string, fault: Mending, tools: Record<string, string>]>([
    ["inside-good-token-refused", "I1", { verification: () => () => Promise.reject(new Error("no")) }, {}],
    [
      "token-made-us-fetch",
      "I2",
      {
        verification: (own) => async (token) => {
          const { jku } = decodeProtectedHeader(token);
          if (jku?.startsWith("http://127.0.0.1:")) await fetch(jku);
          return own(token);
        },
      },
      {},
    ],
    [
      "inside-token-read-elsewhere",
      "I5",
      {
        front: (app) => {
          app.use((request, _response, next) => {
            const { access_token: token } = request.query;
            if (typeof token === "string") request.headers.authorization = `Bearer ${token}`;
            next();
          });
        },
      },
      {},
    ],
    // Its scopes are its own: a wrong token without them would be refused for that, and seem to be recognized.
    [
      "inside-wrong-token-accepted",
      "I2",
      {
        ...onAnswer((response) => {
          const challenge = 'Bearer scope="notes:browse", resource_metadata="http://localhost/"';
          if (response.statusCode === 401) response.set("WWW-Authenticate", challenge);
        }),
        behind: (request, response, next) => {
          const { scope } = decodeJwt(request.headers.authorization?.split(" ")[1] ?? "");
          if (scope === "notes:browse") next();
          else response.status(403).end();
        },
      },
      {},
    ],
    ["inside-scope-not-enough", "I6", refused("todo:admin"), { create_todo: "todo:write" }],
    ["inside-tool-without-rule", "I6", {}, { list_todos: "todo:read" }],
  ])("finds %s with %s", async (code, check, fault, tools) => {
    expect(await codesOf(fault, { only: [check], tools })).toContain(`${check} ${code}`);
  });
});
