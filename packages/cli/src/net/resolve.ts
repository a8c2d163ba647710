import { lookup as dnsLookup, type LookupAddress } from "node:dns";
import { lookup } from "node:dns/promises";
import { isIP, type LookupFunction } from "node:net";
import type { FetchPolicy } from "./policy.js";

/** A name resolved to an address that must not be connected to. */
export class AddressRefused extends Error {
  override readonly name = "AddressRefused";
}

/**
 * A `lookup` for sockets that checks every address after DNS, at the moment of connecting: a name that
 * resolves differently the second time (DNS rebinding) is judged by what is really connected to.
 */
export function guardedLookup(policy: FetchPolicy): LookupFunction {
  return (hostname, options, callback) => {
    dnsLookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, []);
      for (const { address } of addresses) {
        const refused = policy.refusesAddress(hostname, address);
        if (refused !== undefined) return callback(new AddressRefused(refused), []);
      }
      if (options.all === true) return callback(null, addresses);
      const [first] = addresses as LookupAddress[];
      return callback(null, first?.address ?? "", first?.family);
    });
  };
}

/** Addresses of a host, or an empty list when it has none. */
export async function addressesOf(hostname: string): Promise<readonly string[]> {
  const host = hostname.replace(/^\[|\]$/g, "");
  if (isIP(host) !== 0) return [host];
  try {
    return (await lookup(host, { all: true })).map(({ address }) => address);
  } catch {
    return [];
  }
}
