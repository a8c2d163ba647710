/** What an MCP client keeps about a login. Satisfies the `OAuthClientProvider` of both SDK generations. */
export class HeadlessProvider {
  static readonly redirectUri = "http://127.0.0.1:8976/callback";
  readonly clientMetadataUrl?: string;
  readonly #kept = new Map<string, unknown>();
  callback = new URLSearchParams();

  constructor(clientMetadataUrl?: string) {
    if (clientMetadataUrl !== undefined) this.clientMetadataUrl = clientMetadataUrl;
  }

  get redirectUrl() {
    return HeadlessProvider.redirectUri;
  }

  get clientMetadata() {
    return {
      client_name: "Headless",
      redirect_uris: [HeadlessProvider.redirectUri],
      grant_types: ["authorization_code", "refresh_token"],
      response_types: ["code"],
      token_endpoint_auth_method: "none",
    };
  }

  state() {
    return "state-1";
  }

  clientInformation() {
    return this.#kept.get("client") as { client_id: string } | undefined;
  }

  saveClientInformation(client: object) {
    this.#kept.set("client", client);
  }

  tokens() {
    return this.#kept.get("tokens") as { access_token: string; token_type: string } | undefined;
  }

  saveTokens(tokens: object) {
    this.#kept.set("tokens", tokens);
  }

  codeVerifier() {
    return String(this.#kept.get("verifier"));
  }

  saveCodeVerifier(verifier: string) {
    this.#kept.set("verifier", verifier);
  }

  discoveryState() {
    return this.#kept.get("discovery") as undefined;
  }

  saveDiscoveryState(state: unknown) {
    this.#kept.set("discovery", state);
  }

  /** Plays the browser: with automatic approval, one request leads straight back. */
  async redirectToAuthorization(url: URL) {
    const response = await fetch(url, { redirect: "manual" });
    this.callback = new URL(response.headers.get("location") ?? "").searchParams;
  }
}
