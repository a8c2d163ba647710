import { BlockList, isIP, isIPv6 } from "node:net";

/** What an IP address is good for, as far as fetching from it goes. */
export type AddressKind = "global" | "loopback" | "link-local" | "private";

const ipv4: Record<Exclude<AddressKind, "global">, readonly string[]> = {
  loopback: ["127.0.0.0/8"],
  "link-local": ["169.254.0.0/16"],
  // Every special-purpose block of RFC 6890 that is not reachable from the Internet.
  private: [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
  ],
};

const ipv6: Record<Exclude<AddressKind, "global">, readonly string[]> = {
  loopback: ["::1/128"],
  "link-local": ["fe80::/10"],
  // NAT64, 6to4 and Teredo are refused too: each can wrap a private IPv4 address.
  private: [
    "::/128",
    "64:ff9b::/96",
    "100::/64",
    "2001::/32",
    "2001:db8::/32",
    "2002::/16",
    "fc00::/7",
    "ff00::/8",
  ],
};

function blocks(kind: Exclude<AddressKind, "global">): BlockList {
  const list = new BlockList();
  const add = (entry: string, family: "ipv4" | "ipv6"): void => {
    const [network = "", prefix = ""] = entry.split("/");
    list.addSubnet(network, Number(prefix), family);
  };
  for (const entry of ipv4[kind]) add(entry, "ipv4");
  for (const entry of ipv6[kind]) add(entry, "ipv6");
  return list;
}

const kinds = (["loopback", "link-local", "private"] as const).map((kind) => [kind, blocks(kind)] as const);

/** The kind of an IP address literal; an IPv4 address mapped into IPv6 is judged as IPv4. */
export function addressKind(address: string): AddressKind {
  const plain = address.replace(/^\[|\]$/g, "").replace(/%.*$/, "");
  if (isIP(plain) === 0) return "private";
  const family = isIPv6(plain) ? "ipv6" : "ipv4";
  for (const [kind, list] of kinds) if (list.check(plain, family)) return kind;
  return "global";
}

/** Whether a URL's host names this machine without asking DNS. */
export function isLoopbackHost(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, "").toLowerCase();
  if (host === "localhost" || host.endsWith(".localhost")) return true;
  return isIP(host) !== 0 && addressKind(host) === "loopback";
}
