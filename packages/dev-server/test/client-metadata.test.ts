import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDevServer, type DevServer } from "../src/index.js";
import { authorizeUrl, call, claimsOf, endpoints, login, newPkce, theServer } from "./support/oauth.js";

const DOCUMENT = "https://client.example/oauth/metadata.json";
const document = {
  client_id: DOCUMENT,
  client_name: "Documented client",
  redirect_uris: ["http://127.0.0.1/callback"],
  token_endpoint_auth_method: "none",
  grant_types: ["authorization_code", "refresh_token"],
};

describe("client ID metadata documents", () => {
  let dev: DevServer;
  beforeAll(async () => {
    dev = await createDevServer({
      banner: false,
      approve: "auto",
      servers: [{ name: "Todo", url: "http://127.0.0.1:3002/mcp", scopes: ["todo:read"] }],
      clientMetadata: {
        [DOCUMENT]: document,
        "https://other.example/metadata.json": { ...document, client_id: DOCUMENT },
        "https://open.example/metadata.json": {
          ...document,
          client_id: "https://open.example/metadata.json",
          redirect_uris: ["http://open.example/callback"],
        },
        "https://user.example/metadata.json": {
          ...document,
          client_id: "https://user.example/metadata.json",
          redirect_uris: ["https://user:password@user.example/callback"],
        },
        "https://secret.example/metadata.json": {
          ...document,
          client_id: "https://secret.example/metadata.json",
          token_endpoint_auth_method: "client_secret_basic",
        },
      },
    });
  });
  afterAll(() => dev.close());

  const ask = (client_id: string, on = dev) =>
    call(authorizeUrl(endpoints(on, theServer(on)).authorize, newPkce().challenge, { client_id }));

  it("identify a client by the URL of its document, with loopback redirects on any port", async () => {
    const { tokens } = await login(dev, {
      client_id: DOCUMENT,
      redirect_uri: "http://127.0.0.1:50123/callback",
    });
    expect(claimsOf(tokens.access_token).client_id).toBe(DOCUMENT);
  });

  it.each([
    ["of another client", "https://other.example/metadata.json"],
    ["with a redirect URI that is neither https nor loopback", "https://open.example/metadata.json"],
    ["with a redirect URI that holds credentials", "https://user.example/metadata.json"],
    ["with a shared secret", "https://secret.example/metadata.json"],
  ])("are refused when they are %s", async (_what, id) => {
    const reply = await ask(id);
    expect(reply.status).toBe(400);
    expect(reply.headers.get("location")).toBeNull();
    expect(reply.body.error).toMatch(/^invalid_(client|client_metadata|redirect_uri)$/);
  });

  it.each([
    "https://127.0.0.1/metadata.json",
    "https://localhost/metadata.json",
    "https://[::1]/metadata.json",
    "https://[::ffff:127.0.0.1]/metadata.json",
    "https://10.0.0.1/metadata.json",
    "https://169.254.169.254/latest/meta-data",
    "https://192.168.1.1/metadata.json",
    "https://0x7f.1/metadata.json",
    "https://2130706433/metadata.json",
    "https://[fd00::1]/metadata.json",
  ])("are not fetched from %s", async (id) => {
    const reply = await ask(id);
    expect(reply.status).toBe(400);
    expect(reply.body.error).toBe("invalid_client");
    expect(dev.requests.at(-1)).toMatchObject({
      errorDescription: "client_id metadata document fetch not allowed",
    });
  });

  it("are unknown where they are switched off", async () => {
    const off = await createDevServer({
      banner: false,
      approve: "auto",
      servers: [{ name: "Todo", cimd: false }],
      clientMetadata: { [DOCUMENT]: document },
    });
    expect((await ask(DOCUMENT, off)).body.error).toBe("invalid_client");
    await off.close();
  });
});

describe("client ID metadata documents on loopback", () => {
  const client = createServer((request, response) => {
    const id = `http://127.0.0.1:${(client.address() as AddressInfo).port}${request.url}`;
    if (request.url === "/redirect.json") return response.writeHead(302, { location: "/client.json" }).end();
    response.writeHead(200, { "content-type": "application/json" });
    return response.end(JSON.stringify({ ...document, client_id: request.url === "/liar.json" ? "x" : id }));
  });
  let id: (path: string) => string;
  beforeAll(async () => {
    await new Promise<void>((resolve) => client.listen(0, "127.0.0.1", resolve));
    id = (path) => `http://127.0.0.1:${(client.address() as AddressInfo).port}${path}`;
  });
  afterAll(() => new Promise((resolve) => client.close(resolve)));

  const start = (loopbackClientMetadata: boolean) =>
    createDevServer({
      banner: false,
      approve: "auto",
      servers: [{ name: "Todo", scopes: ["a"] }],
      loopbackClientMetadata,
    });

  it("are taken when allowed", async () => {
    const dev = await start(true);
    const { tokens } = await login(dev, {
      client_id: id("/client.json"),
      redirect_uri: "http://127.0.0.1:50123/callback",
    });
    expect(claimsOf(tokens.access_token).client_id).toBe(id("/client.json"));
    await dev.close();
  });

  it.each(["/redirect.json", "/liar.json"])("are checked like all others: %s", async (path) => {
    const dev = await start(true);
    const reply = await call(
      authorizeUrl(endpoints(dev, theServer(dev)).authorize, newPkce().challenge, { client_id: id(path) }),
    );
    expect(reply.body.error).toBe("invalid_client");
    await dev.close();
  });

  it("are refused by default", async () => {
    const dev = await start(false);
    const reply = await call(
      authorizeUrl(endpoints(dev, theServer(dev)).authorize, newPkce().challenge, {
        client_id: id("/client.json"),
      }),
    );
    expect(reply.body.error).toBe("invalid_client");
    await dev.close();
  });
});
