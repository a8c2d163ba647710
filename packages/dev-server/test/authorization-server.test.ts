import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDevServer, type DevServer } from "../src/index.js";
import {
  authorize,
  authorizeUrl,
  call,
  claimsOf,
  endpoints,
  login,
  newPkce,
  postForm,
  REDIRECT,
  registerClient,
  theServer,
} from "./support/oauth.js";

const URL_A = "http://127.0.0.1:3002/mcp";
const URL_B = "http://127.0.0.1:3003/mcp";

describe("the authorization code flow", () => {
  let dev: DevServer;
  let clientId: string;
  beforeAll(async () => {
    dev = await createDevServer({
      banner: false,
      approve: "auto",
      servers: [
        { name: "Todo", url: URL_A, scopes: ["todo:read", "todo:write"] },
        { name: "Other", url: URL_B, scopes: ["other"] },
        { name: "Origin", url: "http://127.0.0.1:3004", scopes: ["other"] },
      ],
    });
    clientId = await registerClient(dev);
  });
  afterAll(() => dev.close());

  const ask = (params: Record<string, string | undefined>, challenge = newPkce().challenge) =>
    call(
      authorizeUrl(endpoints(dev, theServer(dev)).authorize, challenge, {
        client_id: clientId,
        resource: URL_A,
        ...params,
      }),
    );

  const redeem = (form: Record<string, string>) =>
    postForm(endpoints(dev, theServer(dev)).token, {
      grant_type: "authorization_code",
      redirect_uri: REDIRECT,
      client_id: clientId,
      ...form,
    });

  async function code(challenge: string, params: Record<string, string> = {}): Promise<string> {
    const { authorize: endpoint } = endpoints(dev, theServer(dev));
    const answer = await authorize(endpoint, challenge, { client_id: clientId, resource: URL_A, ...params });
    return answer.get("code") ?? "";
  }

  it("returns code, state and iss to the redirect URI", async () => {
    const reply = await ask({});
    expect(reply.status).toBe(303);
    const location = new URL(reply.headers.get("location") ?? "");
    expect(location.origin + location.pathname).toBe(REDIRECT);
    expect([...location.searchParams.keys()].sort()).toEqual(["code", "iss", "state"]);
    expect(location.searchParams.get("state")).toBe("state-1");
    expect(location.searchParams.get("iss")).toBe(`${dev.url}/resources/${theServer(dev).id}`);
  });

  it("names the environment in iss at the environment's own endpoint", async () => {
    const answer = await authorize(`${dev.url}/oauth/authorize`, newPkce().challenge, {
      client_id: clientId,
      resource: URL_A,
    });
    expect(answer.get("iss")).toBe(dev.url);
    expect(answer.get("code")).toBeTruthy();
  });

  it("redeems at the environment's endpoint what the MCP server's endpoint gave", async () => {
    const pkce = newPkce();
    const form = {
      grant_type: "authorization_code",
      redirect_uri: REDIRECT,
      client_id: clientId,
      code: await code(pkce.challenge),
      code_verifier: pkce.verifier,
    };
    const reply = await postForm(`${dev.url}/oauth/token`, form);
    expect(reply.status).toBe(200);
    expect(claimsOf(reply.body.access_token).aud).toEqual([URL_A, theServer(dev).id]);
  });

  it.each([
    ["another path", "http://127.0.0.1:8976/other"],
    ["another host", "https://evil.example/callback"],
    ["a host that only begins like it", "http://127.0.0.1.evil.example:8976/callback"],
    ["credentials before the host", "http://127.0.0.1:8976@evil.example/callback"],
    ["a fragment", "http://127.0.0.1:8976/callback#x"],
    ["a query", "http://127.0.0.1:8976/callback?x=1"],
    ["another loopback name", "http://localhost:8976/callback"],
  ])("does not redirect to %s", async (_what, redirect_uri) => {
    const reply = await ask({ redirect_uri });
    expect(reply.status).toBe(400);
    expect(reply.headers.get("location")).toBeNull();
    expect(reply.body.error).toBe("invalid_redirect_uri");
  });

  it("redirects to a loopback address on any port", async () => {
    const reply = await ask({ redirect_uri: "http://127.0.0.1:50999/callback" });
    expect(reply.headers.get("location")).toMatch(/^http:\/\/127\.0\.0\.1:50999\/callback\?code=/);
  });

  it("does not redirect for a client that it does not know", async () => {
    const reply = await ask({ client_id: "m2m_unknown" });
    expect(reply.status).toBe(400);
    expect(reply.headers.get("location")).toBeNull();
    expect(reply.body.error).toBe("invalid_client");
  });

  it("does not know the clients of another MCP server", async () => {
    const other = dev.servers[1];
    const reply = await call(
      authorizeUrl(`${other?.issuer}/oauth/authorize`, newPkce().challenge, { client_id: clientId }),
    );
    expect(reply.body.error).toBe("invalid_client");
  });

  it.each([
    ["without PKCE", { code_challenge: undefined, code_challenge_method: undefined }],
    ["with plain PKCE", { code_challenge_method: "plain" }],
    ["with a challenge of no method", { code_challenge_method: undefined }],
    ["with another response type", { response_type: "token" }],
  ])("refuses a request %s", async (_what, params) => {
    const reply = await ask(params);
    const { search, hash } = new URL(reply.headers.get("location") ?? "");
    const answer = new URLSearchParams(search === "" ? hash.slice(1) : search);
    expect(answer.get("code")).toBeNull();
    expect(answer.get("error")).toMatch(/^(invalid_request|unsupported_response_type)$/);
  });

  it.each([
    ["an unknown resource", "https://unknown.example/mcp"],
    ["another MCP server's resource", URL_B],
    ["a resource that is no URL", "todo"],
    ["a resource with a fragment", `${URL_A}#x`],
    ["a resource that differs by a slash", `${URL_A}/`],
  ])("answers invalid_target for %s", async (_what, resource) => {
    const reply = await ask({ resource });
    const answer = new URL(reply.headers.get("location") ?? "").searchParams;
    expect(answer.get("error")).toBe("invalid_target");
    expect(answer.get("iss")).toBe(`${dev.url}/resources/${theServer(dev).id}`);
  });

  it("answers invalid_target where a token is asked for another resource than the code was", async () => {
    const pkce = newPkce();
    const reply = await redeem({
      code: await code(pkce.challenge),
      code_verifier: pkce.verifier,
      resource: URL_B,
    });
    expect(reply.status).toBe(400);
    expect(reply.body.error).toBe("invalid_target");
  });

  it("takes a bare origin with and without its slash for the same resource", async () => {
    const origin = dev.servers[2];
    const client = dev.registerClient({ server: origin?.id ?? "", redirectUris: [REDIRECT] });
    const pkce = newPkce();
    const params = { client_id: client.id, resource: "http://127.0.0.1:3004/" };
    const answer = await authorize(`${origin?.issuer}/oauth/authorize`, pkce.challenge, params);
    const reply = await postForm(`${origin?.issuer}/oauth/token`, {
      grant_type: "authorization_code",
      redirect_uri: REDIRECT,
      client_id: client.id,
      code: answer.get("code") ?? "",
      code_verifier: pkce.verifier,
      resource: "http://127.0.0.1:3004",
    });
    expect(claimsOf(reply.body.access_token).aud).toEqual(["http://127.0.0.1:3004", origin?.id]);
  });

  it.each([
    ["a wrong verifier", { code_verifier: newPkce().verifier }],
    ["another redirect URI", { redirect_uri: "http://127.0.0.1:9999/callback" }],
  ])("gives no token for %s", async (_what, change) => {
    const pkce = newPkce();
    const reply = await redeem({ code: await code(pkce.challenge), code_verifier: pkce.verifier, ...change });
    expect(reply.status).toBe(400);
    expect(reply.body.error).toBe("invalid_grant");
  });

  it("gives no token to another client than the one that asked", async () => {
    const pkce = newPkce();
    const form = {
      code: await code(pkce.challenge),
      code_verifier: pkce.verifier,
      client_id: await registerClient(dev),
    };
    expect((await redeem(form)).body.error).toBe("invalid_grant");
  });

  it("redeems a code once, and ends the grant when it is presented again", async () => {
    const pkce = newPkce();
    const form = {
      code: await code(pkce.challenge, { scope: "todo:read offline_access" }),
      code_verifier: pkce.verifier,
    };
    const first = await redeem(form);
    expect(first.status).toBe(200);
    const second = await redeem(form);
    expect(second.status).toBe(400);
    expect(second.body.error).toBe("invalid_grant");
    const refresh = {
      grant_type: "refresh_token",
      refresh_token: String(first.body.refresh_token),
      client_id: clientId,
    };
    expect((await postForm(endpoints(dev, theServer(dev)).token, refresh)).body.error).toBe("invalid_grant");
  });

  it("redeems a code exactly once when fifty requests bring it at the same time", async () => {
    const pkce = newPkce();
    const form = { code: await code(pkce.challenge), code_verifier: pkce.verifier };
    const replies = await Promise.all(Array.from({ length: 50 }, () => redeem(form)));
    expect(replies.filter((reply) => reply.status === 200)).toHaveLength(1);
    expect(replies.filter((reply) => reply.body.error === "invalid_grant")).toHaveLength(49);
  });
});

describe("refresh tokens", () => {
  let dev: DevServer;
  beforeAll(async () => {
    dev = await createDevServer({
      banner: false,
      approve: "auto",
      servers: [{ name: "Todo", url: URL_A, scopes: ["todo:read", "todo:write"] }],
    });
  });
  afterAll(() => dev.close());

  const refresh = (clientId: string, token: unknown, more: Record<string, string> = {}) =>
    postForm(endpoints(dev, theServer(dev)).token, {
      grant_type: "refresh_token",
      client_id: clientId,
      refresh_token: String(token),
      ...more,
    });

  it("are given with offline_access only", async () => {
    expect((await login(dev, { scope: "todo:read" })).tokens).not.toHaveProperty("refresh_token");
    expect((await login(dev, { scope: "todo:read offline_access" })).tokens.refresh_token).toBeTypeOf(
      "string",
    );
  });

  it("rotate, and keep scopes and audience", async () => {
    const { clientId, tokens } = await login(dev, { scope: "todo:read offline_access" });
    const reply = await refresh(clientId, tokens.refresh_token, { resource: URL_A });
    expect(reply.status).toBe(200);
    expect(reply.body.refresh_token).not.toBe(tokens.refresh_token);
    expect(claimsOf(reply.body.access_token)).toMatchObject({
      aud: [URL_A, theServer(dev).id],
      scope: "offline_access todo:read",
      scopes: ["todo:read"],
    });
  });

  it("cannot widen the scope", async () => {
    const { clientId, tokens } = await login(dev, { scope: "todo:read offline_access" });
    const reply = await refresh(clientId, tokens.refresh_token, { scope: "todo:read todo:write" });
    expect(reply.body.error).toBe("invalid_scope");
  });

  it("end the whole grant when one is used a second time", async () => {
    const { clientId, tokens } = await login(dev, { scope: "todo:read offline_access" });
    const next = await refresh(clientId, tokens.refresh_token);
    const reuse = await refresh(clientId, tokens.refresh_token);
    expect(reuse.status).toBe(400);
    expect(reuse.body.error).toBe("invalid_grant");
    expect((await refresh(clientId, next.body.refresh_token)).body.error).toBe("invalid_grant");
  });

  it("are worth nothing to another client", async () => {
    const { tokens } = await login(dev, { scope: "todo:read offline_access" });
    expect((await refresh(await registerClient(dev), tokens.refresh_token)).body.error).toBe("invalid_grant");
  });
});

describe("approval in code", () => {
  it("may choose the user and the scopes, or deny", async () => {
    const asked: unknown[] = [];
    const dev = await createDevServer({
      banner: false,
      servers: [{ name: "Todo", url: URL_A, scopes: ["todo:read", "todo:write"] }],
      users: [
        { id: "usr_1", email: "a@a.example" },
        { id: "usr_2", email: "b@b.example" },
      ],
      approve: (request) => {
        asked.push(request);
        return request.loginHint === "nobody"
          ? { denied: "not today" }
          : { user: "b@b.example", scopes: ["todo:read"] };
      },
    });
    const { clientId, tokens } = await login(dev, { scope: "todo:read todo:write" });
    expect(claimsOf(tokens.access_token)).toMatchObject({ sub: "usr_2", scopes: ["todo:read"] });
    expect(tokens.scope).toBe("todo:read");
    expect(asked).toEqual([
      {
        clientId,
        clientName: "Test client",
        redirectUri: REDIRECT,
        server: { id: theServer(dev).id, name: "Todo", url: URL_A },
        scopes: ["todo:read", "todo:write"],
      },
    ]);
    const { authorize: endpoint } = endpoints(dev, theServer(dev));
    const answer = await authorize(endpoint, newPkce().challenge, {
      client_id: clientId,
      login_hint: "nobody",
    });
    expect(answer.get("error")).toBe("access_denied");
    expect(answer.get("error_description")).toBe("not today");
    await dev.close();
  });
});
