import { looselyParsed } from "../challenge/loose.js";
import { bearerOf, parameterOf, parseChallenges } from "../challenge/strict.js";
import type { Inspection } from "../inspection.js";
import type { Grant } from "../login/grant.js";
import type { Challenged, Login } from "../login/login.js";
import { steppedUpScopes } from "../login/scopes.js";
import { type Answer, type HeaderLines, header, isSuccess, type Outcome } from "../net/answer.js";
import { type Era, eraOf } from "./era.js";
import { type Call, initializeRequest, type McpRequest, modernRequest, olderRequest } from "./message.js";

/** Logins and step-ups for one request: a server that is never content is left alone. */
const maximum = 2;

export interface BearerRefusal extends Challenged {
  readonly error?: string;
}

/** What a refusal tells a client: read strictly, and as the SDK clients do where it is malformed. */
export function refusalOf(answer: Answer): BearerRefusal {
  const text = header(answer, "www-authenticate");
  const parsed = parseChallenges(text ?? "");
  const bearer = parsed.ok ? bearerOf(parsed.challenges) : undefined;
  const loose = bearer === undefined ? looselyParsed(text) : undefined;
  const metadataUrl = parameterOf(bearer, "resource_metadata") ?? loose?.resource_metadata;
  const scope = parameterOf(bearer, "scope") ?? loose?.scope;
  const error = parameterOf(bearer, "error") ?? loose?.error;
  return {
    ...(metadataUrl !== undefined && URL.canParse(metadataUrl) ? { metadataUrl } : {}),
    ...(scope === undefined ? {} : { scope }),
    ...(error === undefined ? {} : { error }),
  };
}

/** An MCP client of either era that logs in when it must and steps up when it is told to. */
export class HostSession {
  readonly inspection: Inspection;
  readonly #login: Login;
  readonly #scopes: readonly string[] | undefined;
  #grant: Grant | undefined;
  #era: Era = "modern";
  #sessionId: string | undefined;
  #next = 1;

  /** `scopes` are asked for at first in place of what the challenge names. */
  constructor(inspection: Inspection, login: Login, scopes?: readonly string[]) {
    this.inspection = inspection;
    this.#login = login;
    this.#scopes = scopes;
  }

  get grant(): Grant | undefined {
    return this.#grant;
  }

  get era(): Era {
    return this.#era;
  }

  /** The id of a session of the older era, if the server gave one. */
  get sessionId(): string | undefined {
    return this.#sessionId;
  }

  /** Finds out the era, logging in on the way; the last answer says whether it worked. */
  async connect(): Promise<Outcome> {
    const discovered = await this.#exchange("server/discover", () =>
      modernRequest({ method: "server/discover" }),
    );
    if (discovered.kind === "failure" || discovered.status === 401 || discovered.status === 403)
      return discovered;
    this.#era = eraOf(discovered);
    if (this.#era === "modern") return discovered;
    const initialized = await this.#exchange("initialize", () => initializeRequest());
    if (initialized.kind === "answer" && isSuccess(initialized)) {
      this.#sessionId = header(initialized, "mcp-session-id");
      await this.call({ method: "notifications/initialized" });
    }
    return initialized;
  }

  /** One request, with whatever logins and step-ups it takes. */
  call(call: Call): Promise<Outcome> {
    return this.#exchange(labelOf(call), () => this.request(call));
  }

  /** One request with the token that there is (or the one given), taking the answer as it comes. */
  probe(
    call: Call | McpRequest,
    options: { readonly token?: string; readonly headers?: HeaderLines } = {},
  ): Promise<Outcome> {
    const request = "body" in call ? call : this.request(call);
    return this.inspection.post(request, [...this.#authorization(options.token), ...(options.headers ?? [])]);
  }

  /** A request in the server's era. */
  request(call: Call): McpRequest {
    const id = this.#next++;
    if (this.#era === "modern") return modernRequest({ ...call, id });
    return olderRequest(call.method.startsWith("notifications/") ? call : { ...call, id }, this.#sessionId);
  }

  async #exchange(label: string, build: () => McpRequest): Promise<Outcome> {
    for (let again = 0; ; again += 1) {
      const outcome = await this.inspection.post(build(), this.#authorization(), `POST ${label}`);
      if (outcome.kind === "failure" || again >= maximum) return outcome;
      const next = await this.#reaction(outcome);
      if (next === undefined) return outcome;
      this.#grant = next;
      this.inspection.secrets.add(next.token);
    }
  }

  /** What a client does about a refusal: another grant, or nothing. */
  async #reaction(answer: Answer): Promise<Grant | undefined> {
    const refusal = refusalOf(answer);
    if (answer.status === 401) {
      const may = this.#grant === undefined || this.#mayLogIn;
      return may ? this.#login.grant(refusal, this.#scopes) : undefined;
    }
    if (answer.status !== 403 || refusal.error !== "insufficient_scope") return undefined;
    if (this.#grant === undefined || !this.#mayLogIn || refusal.scope === undefined) return undefined;
    const union = steppedUpScopes(this.#grant.requested, refusal.scope);
    // Nothing new to ask for: the same login would end in the same refusal.
    if (union.length === this.#grant.requested.length) return undefined;
    return this.#login.grant(refusal, union);
  }

  get #mayLogIn(): boolean {
    return this.#grant?.issuer !== undefined;
  }

  #authorization(token: string | undefined = this.#grant?.token): HeaderLines {
    return token === undefined ? [] : [["Authorization", `Bearer ${token}`]];
  }
}

function labelOf({ method, params }: Call): string {
  return typeof params?.name === "string" ? `${method} ${params.name}` : method;
}
