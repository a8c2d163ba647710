import { randomBytes } from "node:crypto";
import type { Answer } from "../http.js";
import { STYLE } from "./style.js";

/** Text as HTML. Everything that is not this package's own markup goes through here. */
export function html(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

export interface Page {
  readonly title: string;
  /** HTML, with everything foreign in it escaped. */
  readonly body: string;
  readonly status?: number;
}

/**
 * A whole page as an answer. It runs no script, loads nothing, and cannot be framed, so that no other site can
 * make a person click on it (RFC 9700 section 4.16). There is no `form-action`: browsers apply it to the
 * redirects after a form as well, which here lead to the client.
 */
export function pageAnswer({ title, body, status = 200 }: Page): Answer {
  const nonce = randomBytes(16).toString("base64");
  return {
    status,
    type: "text/html; charset=utf-8",
    headers: {
      "Cache-Control": "no-store",
      "Content-Security-Policy": `default-src 'none'; style-src 'nonce-${nonce}'; base-uri 'none'; frame-ancestors 'none'`,
      "Referrer-Policy": "same-origin",
      "X-Frame-Options": "DENY",
    },
    body: document(title, body, nonce),
  };
}

function document(title: string, body: string, nonce: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${html(title)}</title>
<style nonce="${nonce}">${STYLE}</style>
</head>
<body>
${body}
</body>
</html>
`;
}
