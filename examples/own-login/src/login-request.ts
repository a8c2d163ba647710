import type { ScalekitClient } from "@scalekit-sdk/node";
import type { User } from "./users.js";

/** What the authorization server sent the browser here with: it waits for word about this one login. */
export interface LoginRequest {
  readonly id: string;
  /** Means nothing to us, and goes back as it came. */
  readonly state: string;
}

/** The login request among the parameters of a page or a form; undefined for people who just want to log in. */
export function loginRequestOf(parameters: Readonly<Record<string, unknown>>): LoginRequest | undefined {
  const { login_request_id: id, state } = parameters;
  if (typeof id !== "string" || !/^lri_[\w-]{1,100}$/.test(id)) return undefined;
  return typeof state === "string" && state !== "" && state.length <= 2000 ? { id, state } : undefined;
}

/** Tells Scalekit who logged in, from server to server, and where the browser goes on. */
export class LoginReports {
  readonly #scalekit: Pick<ScalekitClient, "auth">;
  readonly #environmentUrl: string;
  readonly #connectionId: string;

  constructor(scalekit: Pick<ScalekitClient, "auth">, environmentUrl: string, connectionId: string) {
    this.#scalekit = scalekit;
    this.#environmentUrl = environmentUrl;
    this.#connectionId = connectionId;
  }

  /** `sub` becomes the subject of tokens: the application's own id, which does not change when an address does. */
  async loggedIn(request: LoginRequest, user: User): Promise<string> {
    await this.#scalekit.auth.updateLoginUserDetails(this.#connectionId, request.id, {
      sub: user.id,
      email: user.email,
      name: user.name,
      customAttributes: { plan: user.plan },
    });
    return this.#backTo(request);
  }

  /** The client learns `access_denied`, and does not wait. */
  async cancelled(request: LoginRequest): Promise<string> {
    await this.#scalekit.auth.updateLoginUserDetails(this.#connectionId, request.id, { loginFailed: true });
    return this.#backTo(request);
  }

  /** Always the environment's own address: nothing in the request has a say in where the browser goes. */
  #backTo({ state }: LoginRequest): string {
    const callback = `${this.#environmentUrl}/sso/v1/connections/${this.#connectionId}/partner:callback`;
    return `${callback}?${new URLSearchParams({ state })}`;
  }
}
