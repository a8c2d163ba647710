/** What an MCP SDK client takes out of a `WWW-Authenticate` header. */
export interface LooseChallenge {
  readonly resource_metadata?: string;
  readonly scope?: string;
  readonly error?: string;
}

/**
 * Reads a challenge as the clients of the MCP TypeScript SDKs (1.x and 2.x) do: the text must begin with
 * `Bearer ` and a second word, then unanchored, case-sensitive regular expressions take the first match,
 * wherever it stands, without unescaping. Undefined where such a client sees no challenge at all.
 */
export function looselyParsed(text: string | undefined): LooseChallenge | undefined {
  if (text === undefined) return undefined;
  const [scheme = "", rest = ""] = text.split(" ");
  if (scheme.toLowerCase() !== "bearer" || rest === "") return undefined;
  const metadata = field(text, "resource_metadata");
  const scope = field(text, "scope");
  const error = field(text, "error");
  return {
    // Only an absolute URL is used; anything else makes the client probe the well-known locations.
    ...(metadata !== undefined && URL.canParse(metadata) ? { resource_metadata: metadata } : {}),
    ...(scope === undefined ? {} : { scope }),
    ...(error === undefined ? {} : { error }),
  };
}

function field(text: string, name: string): string | undefined {
  const match = new RegExp(`${name}=(?:"([^"]+)"|([^\\s,]+))`).exec(text);
  return match?.[1] ?? match?.[2];
}
