import { OptionError } from "../../option-error.js";
import type { JwtOptions } from "../jwt-options.js";

/** What can be said about a known provider's tokens besides who issues them; it goes before what the preset says. */
export type PresetOptions = Omit<JwtOptions, "issuer" | "jwksUri">;

/** A host name that belongs into a URL, such as `acme.eu.auth0.com`; the scheme may be there. */
export function hostOf(option: string, value: unknown, example: string): string {
  const host = typeof value === "string" ? value.replace(/^https:\/\//, "").replace(/\/$/, "") : "";
  if (!/^[a-z0-9.-]+(:\d+)?$/.test(host))
    throw new OptionError(option, value, `write the domain, such as "${example}".`);
  return host;
}

export function listed(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : value === undefined ? [] : [value];
}

export function texts(value: unknown): readonly string[] {
  return listed(value).filter((one) => typeof one === "string");
}
