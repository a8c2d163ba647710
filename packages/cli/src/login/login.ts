import { AuthorizationResponseError, type AuthorizationServer, ResponseBodyError } from "oauth4webapi";
import type { Inspection } from "../inspection.js";
import { printable } from "../net/printable.js";
import { automaticVisit } from "./auto.js";
import { browserVisit } from "./browser.js";
import { type ClientIdentity, identify } from "./client-identity.js";
import { codeFlow, type Visit } from "./code-flow.js";
import { type Discovered, discover } from "./discovery.js";
import { LoginFault } from "./fault.js";
import type { Grant } from "./grant.js";
import { machineFlow } from "./machine.js";
import type { LoginMethod } from "./method.js";
import { initialScopes, withOfflineAccess } from "./scopes.js";

/** Nothing listens here: with --auto the last redirect is read, not followed. */
const automaticRedirect = "http://127.0.0.1:33418/callback";

/** What a challenge told the client. */
export interface Challenged {
  readonly metadataUrl?: string;
  readonly scope?: string;
}

/** Logs in as often as it is asked to; client identities are kept per issuer and never carried to another. */
export class Login {
  readonly #inspection: Inspection;
  readonly #method: LoginMethod;
  readonly #say: (line: string) => void;
  readonly #identities = new Map<string, ClientIdentity>();
  /** The issuer for which a client that was registered beforehand is good: the first that is met. */
  #registeredFor: string | undefined;

  constructor(inspection: Inspection, method: LoginMethod, say: (line: string) => void) {
    this.#inspection = inspection;
    this.#method = method;
    this.#say = say;
  }

  /**
   * One complete login, discovery included: a new challenge may mean new metadata (RFC 9728 §5.2).
   *
   * @throws LoginFault when a client must or would stop.
   */
  async grant(challenged: Challenged, scopes?: readonly string[]): Promise<Grant> {
    const { resource } = this.#inspection;
    if (this.#method.kind === "token")
      return { token: this.#method.token, requested: [], scopes: [], resource };
    const discovered = await discover(this.#inspection, challenged.metadataUrl);
    const wanted = withOfflineAccess(
      scopes ?? initialScopes(challenged.scope, discovered.scopes),
      this.#method.kind === "machine" ? undefined : discovered.server.scopes_supported,
    );
    try {
      return this.#method.kind === "machine"
        ? await machineFlow(this.#inspection, discovered, this.#method, wanted)
        : await this.#interactive(discovered, this.#method, wanted);
    } catch (error) {
      throw faultOf(error, discovered.server);
    }
  }

  async #interactive(
    discovered: Discovered,
    method: Extract<LoginMethod, { readonly kind: "browser" | "auto" }>,
    scopes: readonly string[],
  ): Promise<Grant> {
    if (method.kind === "auto") {
      const visit = automaticVisit(this.#inspection, automaticRedirect);
      return this.#visit(discovered, method, scopes, automaticRedirect, visit);
    }
    const browser = await browserVisit(this.#say, method.open);
    try {
      return await this.#visit(discovered, method, scopes, browser.redirectUri, browser.visit);
    } finally {
      browser.close();
    }
  }

  async #visit(
    discovered: Discovered,
    method: Extract<LoginMethod, { readonly kind: "browser" | "auto" }>,
    scopes: readonly string[],
    redirectUri: string,
    visit: Visit,
  ): Promise<Grant> {
    const { issuer } = discovered.server;
    // A loopback redirect's port changes with every visit, so a registration by browser is not kept.
    const known = method.kind === "auto" ? this.#identities.get(issuer) : undefined;
    const identity =
      known ??
      (await identify(this.#inspection, discovered.server, method, redirectUri, this.#registeredFor));
    this.#identities.set(issuer, identity);
    this.#registeredFor ??= issuer;
    return codeFlow(this.#inspection, discovered, identity, scopes, redirectUri, visit);
  }
}

function faultOf(error: unknown, server: AuthorizationServer): LoginFault {
  if (error instanceof LoginFault) return error;
  const seen =
    error instanceof ResponseBodyError || error instanceof AuthorizationResponseError
      ? `${server.issuer} answered ${error.error}${error.error_description ? `: ${error.error_description}` : ""}`
      : `${server.issuer}: ${error instanceof Error ? error.message : String(error)}`;
  return new LoginFault({
    code: "login-refused",
    seen: printable(seen),
    why: "A host's login ends here.",
    change:
      "Correct what the authorization server complains of; for invalid_scope and invalid_target: allow the scopes and the resource that the MCP server publishes",
    section: "RFC 6749 §4.1.2.1, §5.2; RFC 8707 §2",
  });
}
