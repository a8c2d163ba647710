import { describe, expect, it } from "vitest";
import { authInfoOf } from "../src/auth-info.js";
import type { AuthInfo } from "../src/index.js";
import { resourceOf } from "../src/resource.js";
import { createHandles, createStateSeal, StateError } from "../src/state.js";

function caller(
  differing: { subject?: string; issuer?: string; clientId?: string; kind?: "person" | "client" },
  token = "t",
): AuthInfo {
  const accepted = {
    issuer: "https://auth",
    subject: "alice",
    kind: "person" as const,
    clientId: "client_1",
    scopes: [],
    expiresAt: 1,
    roles: [],
    permissions: [],
    claims: {},
  };
  return authInfoOf(token, { ...accepted, ...differing }, resourceOf("https://mcp.example.com/mcp"));
}

const alice = caller({});
const secrets = ["a-secret-of-at-least-32-characters"];
const strangers = [
  { who: "another person", auth: caller({ subject: "mallory" }) },
  { who: "the same subject of another issuer", auth: caller({ issuer: "https://other" }) },
  { who: "the same person through another client", auth: caller({ clientId: "client_2" }) },
  { who: "a client of the same name", auth: caller({ kind: "client" }) },
];

describe("a sealed state", () => {
  it("opens for whoever closed it, with a refreshed token too", async () => {
    const seal = createStateSeal({ secrets });
    const state = await seal.close(alice, "transfer", { step: 2 });
    expect(await seal.open(caller({}, "refreshed"), "transfer", state)).toEqual({ step: 2 });
  });

  it("shows nothing of what is in it", async () => {
    const state = await createStateSeal({ secrets }).close(alice, "transfer", {
      account: "DE-account-number",
    });
    expect(
      state
        .split(".")
        .map((part) => Buffer.from(part, "base64url").toString("latin1"))
        .join(),
    ).not.toContain("account");
  });

  it.each(strangers)("does not open for $who", async ({ auth }) => {
    const seal = createStateSeal({ secrets });
    const state = await seal.close(alice, "transfer", 1);
    await expect(seal.open(auth, "transfer", state)).rejects.toThrow(StateError);
  });

  it("does not open for another tool, when changed anywhere, or when it is none", async () => {
    const seal = createStateSeal({ secrets });
    const state = await seal.close(alice, "transfer", 1);
    await expect(seal.open(alice, "delete_account", state)).rejects.toThrow("The state is not valid here");
    for (let index = 0; index < state.length; index += 7) {
      const other = state[index] === "A" ? "B" : "A";
      // The last character of a segment has bits that mean nothing.
      if (state[index + 1] === "." || index === state.length - 1) continue;
      const changed = `${state.slice(0, index)}${other}${state.slice(index + 1)}`;
      if (changed !== state && state[index] !== ".")
        await expect(seal.open(alice, "transfer", changed)).rejects.toThrow(StateError);
    }
    for (const none of [undefined, null, "", "a.b.c", {}])
      await expect(seal.open(alice, "transfer", none)).rejects.toThrow(StateError);
  });

  it("does not open once its time is over", async () => {
    const seal = createStateSeal({ secrets, lifetime: 1 });
    const state = await seal.close(alice, "transfer", 1);
    await new Promise((resolve) => setTimeout(resolve, 2100));
    await expect(seal.open(alice, "transfer", state)).rejects.toThrow(StateError);
  });

  it("opens once where that is asked for", async () => {
    const values = new Map<string, string>();
    const opened = {
      get: async (key: string) => values.get(key),
      set: async (key: string, value: string) => values.set(key, value),
      delete: async (key: string) => values.delete(key),
    };
    const seal = createStateSeal({ secrets, opened });
    const state = await seal.close(alice, "transfer", 1);
    const attempts = await Promise.allSettled(
      Array.from({ length: 20 }, () => seal.open(alice, "transfer", state)),
    );
    expect(attempts.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    await expect(seal.open(alice, "transfer", state)).rejects.toThrow(StateError);
  });

  it("opens with the secret before the last, and not with a stranger's", async () => {
    const state = await createStateSeal({ secrets }).close(alice, "transfer", 1);
    const fresh = "another-secret-of-32-characters!!";
    expect(await createStateSeal({ secrets: [fresh, ...secrets] }).open(alice, "transfer", state)).toBe(1);
    await expect(createStateSeal({ secrets: [fresh] }).open(alice, "transfer", state)).rejects.toThrow(
      StateError,
    );
  });

  it("is not made from a secret that is missing or short, and the secret stays out of the message", () => {
    for (const wrong of [[], [undefined], ["short"]])
      expect(() => createStateSeal({ secrets: wrong })).toThrow(
        `Option "secrets" is "${wrong.length} secrets": give at least one secret, each of at least 32 random characters.`,
      );
  });
});

describe("a handle", () => {
  it("leads its owner to the value, until it is deleted", async () => {
    const handles = createHandles();
    const cart = await handles.create(alice, "three apples");
    expect(await handles.get(caller({}, "refreshed"), cart)).toBe("three apples");
    await handles.delete(alice, cart);
    expect(await handles.get(alice, cart)).toBeUndefined();
  });

  it.each(strangers)("does not exist for $who", async ({ auth }) => {
    const handles = createHandles();
    const cart = await handles.create(alice, "three apples");
    expect(await handles.get(auth, cart)).toBeUndefined();
    await handles.delete(auth, cart);
    expect(await handles.get(alice, cart)).toBe("three apples");
  });
});
