import { isIP } from "node:net";
import { type AddressKind, addressKind, isLoopbackHost } from "./address.js";

/**
 * Where the tool may fetch from. The user typed the target, so its host is trusted; every other URL comes out
 * of a remote document and must be https at a global address (MCP 2026-07-28 security best practices, SSRF).
 * A loopback target may name other loopback servers: that is what local development looks like.
 */
export class FetchPolicy {
  readonly #target: URL;
  readonly #allowPrivate: boolean;
  /** What the target's own name resolved to when it was first connected to. */
  #targetKind: AddressKind | undefined;

  constructor(target: URL, allowPrivate: boolean) {
    this.#target = target;
    this.#allowPrivate = allowPrivate;
  }

  /** Why this URL must not be fetched, from its text alone; undefined when it may. */
  refusesUrl(url: URL): string | undefined {
    if (url.protocol !== "https:" && url.protocol !== "http:") {
      return `${url.protocol} is not http or https`;
    }
    if (url.username !== "" || url.password !== "") return "the URL carries a user name or password";
    const host = url.hostname.replace(/^\[|\]$/g, "");
    const refused = isIP(host) === 0 ? undefined : this.refusesAddress(url.hostname, host);
    if (refused !== undefined) return refused;
    const plain = url.protocol === "http:" && url.origin !== this.#target.origin;
    return plain && !this.#mayBePlain(url) ? "plain http is allowed on loopback only" : undefined;
  }

  /** Why this address, to which `hostname` resolved, must not be connected to; undefined when it may. */
  refusesAddress(hostname: string, address: string): string | undefined {
    const kind = addressKind(address);
    if (kind === "global") {
      if (hostname === this.#target.hostname) this.#targetKind ??= kind;
      return undefined;
    }
    if (hostname === this.#target.hostname) return this.#refusesTarget(hostname, address, kind);
    if (kind === "loopback" && isLoopbackHost(this.#target.hostname)) return undefined;
    // Link-local is where clouds keep credentials (169.254.169.254): never, whatever the flag says.
    if (this.#allowPrivate && kind !== "link-local") return undefined;
    return `${address} is a ${kind} address (--allow-private permits private ones)`;
  }

  /** The user may well mean a private server, but not one that was public a moment ago (DNS rebinding). */
  #refusesTarget(hostname: string, address: string, kind: AddressKind): string | undefined {
    this.#targetKind ??= kind;
    if (kind === "link-local" && isIP(hostname) === 0)
      return `${hostname} resolves to ${address}, a link-local address`;
    if (this.#targetKind !== "global" || this.#allowPrivate) return undefined;
    return `${hostname} was public before and now resolves to ${address}, a ${kind} address`;
  }

  #mayBePlain(url: URL): boolean {
    return isLoopbackHost(url.hostname) || this.#allowPrivate;
  }
}
