import type { ClientAuth } from "oauth4webapi";

/**
 * `client_secret_basic` (RFC 6749 §2.3.1) with the form encoding of the URL standard, which leaves `-`, `.`, `_`
 * and `*` alone. The library's own encodes them too: allowed, but servers that forget to decode refuse it.
 */
export function clientSecretBasic(secret: string): ClientAuth {
  return (_server, client, _body, headers) => {
    const credentials = `${formEncoded(client.client_id)}:${formEncoded(secret)}`;
    headers.set("authorization", `Basic ${Buffer.from(credentials).toString("base64")}`);
  };
}

function formEncoded(text: string): string {
  return new URLSearchParams([["", text]]).toString().slice(1);
}
