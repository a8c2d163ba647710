import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createDevServer } from "../src/index.js";
import { claimsOf, endpoints, headerOf, login, postForm, theServer } from "./support/oauth.js";

describe("an environment in a file", () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "dev-server-"));
    file = join(folder, "deeper", "environment.json");
  });
  afterEach(() => rm(folder, { recursive: true }));

  const start = () =>
    createDevServer({ banner: false, approve: "auto", file, servers: [{ name: "Todo", scopes: ["a"] }] });

  it("loses nothing by a restart: address, servers, users, clients, keys and refresh tokens", async () => {
    const before = await start();
    const server = theServer(before);
    before.registerUser({ id: "usr_9", email: "zoe@acme.example" });
    before.updateServer(server.id, { name: "Renamed" });
    const { clientId, tokens } = await login(before, {
      scope: "a offline_access",
      login_hint: "zoe@acme.example",
    });
    await before.close();

    const after = await start();
    expect(after.url).toBe(before.url);
    expect(after.env).toEqual(before.env);
    expect(theServer(after)).toMatchObject({ id: server.id, name: "Renamed" });
    const form = {
      grant_type: "refresh_token",
      client_id: clientId,
      refresh_token: String(tokens.refresh_token),
    };
    const reply = await postForm(endpoints(after, server).token, form);
    expect(claimsOf(reply.body.access_token)).toMatchObject({ sub: "usr_9", client_id: clientId });
    expect(headerOf(reply.body.access_token).kid).toBe(headerOf(tokens.access_token).kid);
    await after.close();
  });

  it("is readable by its owner only", async () => {
    const dev = await start();
    await dev.close();
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(JSON.parse(await readFile(file, "utf8"))).toMatchObject({ version: 1 });
  });

  it("is not overwritten when it is something else", async () => {
    file = join(folder, "notes.json");
    await writeFile(file, "my notes");
    await expect(start()).rejects.toThrow("is not a file that this dev server wrote");
    expect(await readFile(file, "utf8")).toBe("my notes");
  });
});
