/**
 * State that belongs to somebody: values that travel through the client (`requestState` of MCP 2026-07-28, elicitation)
 * and handles to what the server keeps. An id is never a credential (MCP Security Best Practices, State Handle Hijacking).
 *
 * ```ts
 * import { createStateSeal } from "@mcp-authz/core/state";
 *
 * const seal = createStateSeal({ secrets: [process.env.STATE_SECRET] });
 * const requestState = await seal.close(auth, "transfer_money", { step: 2 });
 * const { step } = await seal.open(auth, "transfer_money", requestState);
 * ```
 *
 * @module
 */
import { EncryptJWT, jwtDecrypt } from "jose";
import type { AuthInfo } from "./auth-info.js";
import { OptionError } from "./option-error.js";
import { principalKey } from "./principal.js";
import { memoryStore, type SharedStore } from "./shared-store.js";

export interface StateSealOptions {
  /** Secrets of at least 32 characters: the first closes, all of them open. Put a new one in front to rotate. */
  readonly secrets: readonly (string | undefined)[];
  /** Seconds that a closed state can be opened. Default 600. */
  readonly lifetime?: number;
  /**
   * Where it is noted what was opened, so that each state opens once: as long as the store needs to tell one process what
   * another did, it may open in both. Left out: it opens as often as one likes.
   */
  readonly opened?: SharedStore;
}

export interface StateSeal {
  /**
   * Encrypts `value` for this caller and this purpose.
   * @param purpose what it may be used for: the tool's name, and whatever of its arguments must not change
   */
  close(auth: AuthInfo, purpose: string, value: unknown): Promise<string>;
  /**
   * @throws {StateError} when the state was changed, is somebody else's, for something else, too old or used before;
   *   which of these it was is not said.
   */
  open(auth: AuthInfo, purpose: string, state: unknown): Promise<unknown>;
}

/** Whoever presents such a state gets no answer but this one. */
export class StateError extends Error {
  override readonly name = "StateError";
  readonly code = "ERR_MCP_AUTHZ_STATE";

  constructor() {
    super("The state is not valid here");
  }
}

/** @throws {OptionError} when no secret is given, or one is too short. */
export function createStateSeal({ secrets, lifetime = 600, opened }: StateSealOptions): StateSeal {
  if (secrets.length === 0 || !secrets.every((secret) => typeof secret === "string" && secret.length >= 32))
    throw new OptionError(
      "secrets",
      `${secrets.length} secrets`,
      "give at least one secret, each of at least 32 random characters.",
    );
  if (!(lifetime > 0)) throw new OptionError("lifetime", lifetime, "write seconds above zero.");
  const keys = Promise.all(secrets.map((secret) => keyOf(secret as string)));
  return {
    async close(auth, purpose, value) {
      const [key] = await keys;
      return new EncryptJWT({ value, purpose })
        .setProtectedHeader({ alg: "dir", enc: "A256GCM" })
        .setSubject(principalKey(auth))
        .setJti(crypto.randomUUID())
        .setExpirationTime(`${Math.ceil(lifetime)}s`)
        .encrypt(key as Uint8Array);
    },
    async open(auth, purpose, state) {
      for (const key of await keys) {
        const payload = await decrypted(state, key, principalKey(auth));
        if (payload === undefined) continue;
        if (payload["purpose"] !== purpose || !(await isFirst(opened, String(payload["jti"]), lifetime)))
          break;
        return payload["value"];
      }
      throw new StateError();
    },
  };
}

async function keyOf(secret: string): Promise<Uint8Array> {
  return new Uint8Array(
    await crypto.subtle.digest("SHA-256", new TextEncoder().encode(`mcp-authz state ${secret}`)),
  );
}

async function decrypted(
  state: unknown,
  key: Uint8Array,
  subject: string,
): Promise<Record<string, unknown> | undefined> {
  try {
    const options = {
      subject,
      requiredClaims: ["exp", "jti"],
      keyManagementAlgorithms: ["dir"],
      contentEncryptionAlgorithms: ["A256GCM"],
    };
    return (await jwtDecrypt(String(state), key, options)).payload;
  } catch {
    return undefined;
  }
}

/** Being opened at this moment, in this process: the store is asked and told in two steps. */
const opening = new Set<string>();

async function isFirst(opened: SharedStore | undefined, id: string, lifetime: number): Promise<boolean> {
  if (opened === undefined) return true;
  if (opening.has(id)) return false;
  opening.add(id);
  try {
    return await isNoted(opened, id, lifetime);
  } finally {
    opening.delete(id);
  }
}

async function isNoted(opened: SharedStore, id: string, lifetime: number): Promise<boolean> {
  const key = `mcp-authz:state:${id}`;
  if ((await opened.get(key)) !== undefined) return false;
  await opened.set(key, "opened", lifetime * 1000);
  return true;
}

/** Values that the server keeps, under ids that mean nothing in anybody else's hands. */
export interface Handles {
  create(auth: AuthInfo, value: string): Promise<string>;
  /** Undefined for what does not exist and for what belongs to somebody else alike. */
  get(auth: AuthInfo, handle: string): Promise<string | undefined>;
  delete(auth: AuthInfo, handle: string): Promise<void>;
}

/**
 * @param lifetime milliseconds that a value is kept, passed on to the store. Default one hour
 */
export function createHandles(store: SharedStore = memoryStore(100_000), lifetime = 3_600_000): Handles {
  const keyOf = (auth: AuthInfo, handle: string) => `mcp-authz:handle:${principalKey(auth)}:${handle}`;
  return {
    async create(auth, value) {
      const handle = crypto.randomUUID();
      await store.set(keyOf(auth, handle), value, lifetime);
      return handle;
    },
    async get(auth, handle) {
      const value = await store.get(keyOf(auth, String(handle)));
      return typeof value === "string" ? value : undefined;
    },
    async delete(auth, handle) {
      await store.delete(keyOf(auth, String(handle)));
    },
  };
}
