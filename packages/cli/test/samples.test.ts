import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Report, type VerifyOptions, verify } from "../src/index.js";
import { type AuthorizationServer, startAuthorizationServer } from "./servers/authorization-server.js";
import { type SampleServer, startGuideServer } from "./servers/guide-server.js";
import { startSdkServer } from "./servers/sdk-server.js";

let authorizationServer: AuthorizationServer;

beforeAll(async () => {
  // Scalekit's tokens name their scopes in an array of their own.
  authorizationServer = await startAuthorizationServer({
    claims: (claims) => ({ ...claims, scopes: String(claims.scope).split(" ") }),
  });
});
afterAll(() => authorizationServer.close());

function problems({ findings }: Report): readonly string[] {
  return findings
    .filter(({ outcome }) => outcome !== "pass" && outcome !== "skip")
    .map(({ outcome, check, code }) => `${outcome} ${check} ${code}`);
}

async function examine(
  start: (authorizationServer: AuthorizationServer) => Promise<SampleServer>,
  options: Omit<VerifyOptions, "url"> = {},
): Promise<readonly string[]> {
  const server = await start(authorizationServer);
  try {
    return problems(await verify({ url: server.url, ...options }));
  } finally {
    await server.close();
  }
}

describe("verify from outside", () => {
  it("finds in the guide's sample server what can be seen without a token", async () => {
    expect(await examine(startGuideServer)).toEqual([
      "warn V5 bad-token-without-error",
      "warn V7 challenge-without-scope",
      "warn V9 metadata-not-path-aware",
      "warn V13 metadata-without-cors",
      "warn V13 metadata-refuses-preflight",
      "fail V18 origin-not-checked",
      "warn V19 host-not-checked",
      "fail V23 guard-bypassed",
      "warn V28 preflight-refused",
      "warn V28 challenge-not-exposed",
      "info V30 powered-by",
    ]);
  });

  it("finds in a server with the SDK's requireBearerAuth alone what can be seen without a token", async () => {
    expect(await examine(startSdkServer)).toEqual([
      "fail V5 bad-token-not-401",
      "warn V7 challenge-without-scope",
      "warn V7 challenge-error-without-token",
      "info V7 challenge-without-realm",
      "info V9 metadata-not-at-root",
      "warn V13 metadata-refuses-head",
      "fail V18 origin-not-checked",
      "warn V19 host-not-checked",
      "warn V28 preflight-refused",
      "warn V28 challenge-not-exposed",
      "info V30 powered-by",
    ]);
  });
});

describe("verify with a login", () => {
  const options = {
    login: { kind: "auto" },
    tools: ["create_todo", "list_todos"],
    scopes: ["todo:read"],
  } as const;
  const needsToken = (problem: string): boolean => /V2[1256] |V27|V32/.test(problem);

  it("finds in the guide's sample server what a token shows", async () => {
    expect((await examine(startGuideServer, options)).filter(needsToken)).toEqual([
      "warn V22 scheme-case-sensitive",
      "fail V21 sloppy-credentials",
      "fail V26 step-up-without-challenge",
      "fail V26 batch-bypasses-scopes",
    ]);
  });

  it("finds in a server with the SDK's requireBearerAuth alone what a token shows", async () => {
    expect((await examine(startSdkServer, options)).filter(needsToken)).toEqual([
      "fail V21 sloppy-credentials",
    ]);
  });
});
