import { randomBytes } from "node:crypto";
import type { Environment, McpServer, User } from "./environment.js";
import type { DevCustomLogin } from "./options.js";

/** One visit to somebody's own login page. */
export interface LoginRequest {
  /** `lri_…`. */
  readonly id: string;
  readonly connectionId: string;
  /** The interaction that waits for it. */
  readonly interaction: string;
  readonly state: string;
  outcome?: { readonly user: User } | { readonly failed: string };
}

/** What the login page's server reports with `updateLoginUserDetails`. */
export interface LoginReport {
  readonly sub: string;
  readonly email: string;
  readonly name?: string;
  readonly roles?: readonly string[];
  readonly organizationId?: string;
  readonly customClaims?: Readonly<Record<string, unknown>>;
  readonly failed?: string;
}

const KEPT = 1000;

/** Scalekit's *custom auth*: logins that somebody's own page performs. */
export class CustomLogins {
  readonly #environment: Environment;
  readonly #requests = new Map<string, LoginRequest>();

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  /** Begins a login, and returns where to send the browser. */
  begin(login: Required<DevCustomLogin>, interaction: string): string {
    const request: LoginRequest = {
      id: this.#environment.identifiers("lri"),
      connectionId: login.connectionId,
      interaction,
      state: randomBytes(24).toString("base64url"),
    };
    this.#requests.set(request.id, request);
    const [oldest] = this.#requests.keys();
    if (this.#requests.size > KEPT && oldest !== undefined) this.#requests.delete(oldest);
    const url = new URL(login.url);
    url.searchParams.set("login_request_id", request.id);
    url.searchParams.set("state", request.state);
    return url.href;
  }

  /**
   * Takes the login page's word for who logged in. Returns whether there was such a request, still open.
   * The reported `sub` becomes the `sub` of tokens.
   */
  report(connectionId: string, id: string, report: LoginReport): boolean {
    const request = this.#requests.get(id);
    if (!request || request.connectionId !== connectionId || request.outcome) return false;
    if (report.failed !== undefined) {
      request.outcome = { failed: report.failed };
      return true;
    }
    const { sub, failed: _failed, ...details } = report;
    const known = this.#environment.users.get(sub);
    request.outcome = { user: this.#environment.addUser({ ...known, ...details, id: sub, connectionId }) };
    return true;
  }

  /** The request that a browser comes back with; it can come back once. */
  finish(connectionId: string, state: string): LoginRequest | undefined {
    return [...this.#requests.values()].find(
      (request) => request.connectionId === connectionId && request.state === state,
    );
  }

  /** Takes the outcome of the login that this interaction waited for. */
  take(interaction: string): LoginRequest["outcome"] {
    for (const request of this.#requests.values()) {
      if (request.interaction !== interaction || !request.outcome) continue;
      this.#requests.delete(request.id);
      return request.outcome;
    }
    return undefined;
  }
}

/** The MCP server whose custom login this is. */
export function serverOfConnection(environment: Environment, connectionId: string): McpServer | undefined {
  return [...environment.servers.values()].find(
    (server) => server.customLogin?.connectionId === connectionId,
  );
}
