/** A URL that may be the server's, and where it was read. */
export interface UrlCandidate {
  readonly url: string;
  /** File and line, or the local server that answered. */
  readonly where: string;
}

/** A value that may be a server's URL: http or https, and no placeholder out of a guide. */
export function usableUrl(value: string): string | undefined {
  const text = value.trim().replace(/^(["'`])(.*)\1$/, "$2");
  if (!/^https?:\/\/[^\s<>{}$]+$/i.test(text) || !URL.canParse(text)) return undefined;
  const { hostname } = new URL(text);
  if (/(?:^|\.)(?:example\.(?:com|org|net)|yourapp\.com|your-[\w-]+\.com)$/i.test(hostname)) return undefined;
  return text;
}
