import { randomUUID } from "node:crypto";
import { approve } from "./browser.js";
import type { HostStep } from "./steps.js";

/** How the host becomes known to the authorization server. */
export type Registration =
  /** Dynamic client registration (RFC 7591). */
  | "dynamic"
  /** A client ID metadata document: the URL is the client id, where the authorization server supports it. */
  | { readonly clientMetadataUrl: string }
  /** Registered before; `issuer` is the authorization server where. */
  | { readonly clientId: string; readonly issuer: string };

/** The parameters of a client, as the SDKs keep them. */
interface ClientInformation {
  readonly client_id: string;
  readonly [parameter: string]: unknown;
}

interface Tokens {
  readonly access_token: string;
  readonly token_type: string;
  readonly refresh_token?: string;
  readonly scope?: string;
  readonly [parameter: string]: unknown;
}

/** What the SDKs found out about the authorization server. */
interface Discovery {
  readonly authorizationServerUrl: string;
}

/** Where authorization responses go; nothing listens there, the headless browser stops before it. */
const redirectUri = "http://127.0.0.1:9/callback";

/**
 * The `OAuthClientProvider` of both SDKs, for a host without a screen: everything is kept in memory,
 * and the browser says yes.
 *
 * What is saved is given back unchanged: SDK v2 stamps issuers onto what it stores.
 */
export class HeadlessProvider {
  readonly clientMetadataUrl?: string;
  /** Set by `redirectToAuthorization`: what `finishAuth` needs. */
  callback: URLSearchParams | undefined;
  private client: ClientInformation | undefined;
  private kept: { tokens?: Tokens; verifier?: string; discovery?: Discovery } = {};
  private readonly keepsRefreshToken: boolean;
  private readonly report: (step: HostStep) => void;
  private readonly browse: typeof fetch;

  constructor(
    registration: Registration,
    keepsRefreshToken: boolean,
    report: (step: HostStep) => void,
    browse: typeof fetch,
  ) {
    this.keepsRefreshToken = keepsRefreshToken;
    this.report = report;
    this.browse = browse;
    if (registration === "dynamic") return;
    if ("clientMetadataUrl" in registration) this.clientMetadataUrl = registration.clientMetadataUrl;
    else this.client = { client_id: registration.clientId, issuer: registration.issuer };
  }

  get redirectUrl(): string {
    return redirectUri;
  }

  get clientMetadata(): {
    client_name: string;
    redirect_uris: string[];
    grant_types: string[];
    response_types: string[];
    token_endpoint_auth_method: string;
  } {
    return {
      client_name: "Headless MCP host",
      redirect_uris: [redirectUri],
      grant_types: this.keepsRefreshToken ? ["authorization_code", "refresh_token"] : ["authorization_code"],
      response_types: ["code"],
      token_endpoint_auth_method: "none",
    };
  }

  state(): string {
    return randomUUID();
  }

  clientInformation(): ClientInformation | undefined {
    return this.client;
  }

  saveClientInformation(client: ClientInformation): void {
    this.client = client;
  }

  tokens(): Tokens | undefined {
    return this.kept.tokens;
  }

  saveTokens(tokens: Tokens): void {
    // SDK v1 answers 403 with a refresh, which asks for no scope and so can never step up: it gets none to do it with.
    const { refresh_token: refresh, ...rest } = tokens;
    this.kept.tokens = refresh === undefined || this.keepsRefreshToken ? tokens : rest;
    this.report({ kind: "authorized", scope: tokens.scope ?? "" });
  }

  codeVerifier(): string {
    return this.kept.verifier ?? "";
  }

  saveCodeVerifier(verifier: string): void {
    this.kept.verifier = verifier;
  }

  discoveryState(): Discovery | undefined {
    return this.kept.discovery;
  }

  saveDiscoveryState(discovery: Discovery): void {
    this.kept.discovery = discovery;
  }

  invalidateCredentials(what: "all" | "client" | "tokens" | "verifier" | "discovery"): void {
    if (what === "all" || what === "client") this.client = undefined;
    if (what === "all") this.kept = {};
    else if (what === "tokens" || what === "verifier" || what === "discovery") delete this.kept[what];
  }

  async redirectToAuthorization(url: URL): Promise<void> {
    this.report({ kind: "login", url: url.href, scope: url.searchParams.get("scope") ?? "" });
    this.callback = await approve(url, redirectUri, this.browse);
  }
}
