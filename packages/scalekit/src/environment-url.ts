import { OptionError } from "@mcp-authz/core";
import { originOf, type Setting } from "./environment.js";
import { kindOf, shown } from "./identifiers.js";

const example = '"https://acme.scalekit.com", or your custom domain';
const where = `write the environment's URL, for example ${example} (Dashboard > Settings > API credentials).`;

/**
 * The environment's URL: it is compared with the `iss` claim byte for byte, so it has one spelling only.
 * @throws {OptionError} when it is not an https origin (http on loopback).
 */
export function environmentUrlOf(setting: Setting): string {
  const { value } = setting;
  const bad = (sentence: string) =>
    new OptionError("environmentUrl", shown(value), `${sentence}${originOf(setting)}`);
  if (typeof value !== "string" || value === "") throw bad(where);
  const kind = kindOf(value);
  if (kind !== undefined) throw bad(`that is ${kind}; ${where}`);
  const bare = value.replace(/^[\s"']+|[\s"']+$/g, "");
  if (bare !== value) throw bad(`leave out the quotes and spaces around it: "${bare}".`);

  const url = parsed(value);
  if (url === undefined) {
    const withScheme = parsed(`https://${value}`);
    throw bad(
      withScheme?.hostname.includes(".") ? `write it with its scheme: "${withScheme.origin}".` : where,
    );
  }
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback(url.hostname)))
    throw bad(
      url.protocol === "http:"
        ? `use https: "https://${url.host}". Keys fetched over http could be anybody's; http is only for localhost, 127.0.0.1 and [::1].`
        : where,
    );
  if (/^(app|docs|www)\.scalekit\.com$/.test(url.hostname))
    throw bad(`that is Scalekit's own site; ${where}`);
  if (value === url.origin) return value;
  throw bad(spelling(value, url));
}

/** What keeps a URL from being the origin that it should be. */
function spelling(value: string, url: URL): string {
  const resource = /^\/resources\/([^/]+)/.exec(url.pathname)?.[1];
  if (resource !== undefined)
    return `that is the URL of one resource; write "${url.origin}", and "${resource}" as resourceId.`;
  if (value === `${url.origin}/`) return `leave out the trailing slash: "${url.origin}".`;
  if (url.username !== "" || url.password !== "") return "leave out the user name and password.";
  if (url.pathname !== "/" || value.includes("?") || value.includes("#"))
    return `leave out everything behind the host: "${url.origin}".`;
  return `write scheme and host in lower case, without the default port: "${url.origin}".`;
}

function parsed(value: string): URL | undefined {
  try {
    return new URL(value);
  } catch {
    return undefined;
  }
}

export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "127.0.0.1" || hostname === "[::1]";
}
