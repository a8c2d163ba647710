import { isIPv4 } from "node:net";
import type { Check } from "../check.js";
import { examined } from "../finding.js";
import { addressKind } from "../net/address.js";
import { addressesOf } from "../net/resolve.js";

export const urlCheck: Check = {
  id: "V1",
  title: "The URL is one that a host accepts",
  section: "RFC 9728 §1.2; MCP authorization, Canonical Server URI",
  async examine(inspection) {
    const typed = new URL(inspection.typed);
    const addresses = await addressesOf(typed.hostname);
    const outside = addresses.filter((address) => addressKind(address) === "global");
    return examined(
      `${inspection.resource} at ${addresses.join(", ") || "no address"}`,
      typed.protocol !== "https:" &&
        !inspection.isLoopback && {
          code: "url-not-https",
          severity: "fail",
          seen: `the scheme is ${typed.protocol}//`,
          why: "Tokens would travel in the clear; hosts refuse plain http except on loopback.",
          change: `Serve over TLS and publish ${inspection.resource.replace(/^http:/, "https:")}`,
        },
      (typed.hash !== "" || typed.username !== "") && {
        code: "url-not-an-identifier",
        severity: "fail",
        seen: "the URL has a fragment or a user name",
        why: "A resource identifier has neither; hosts drop them or refuse the URL.",
        change: `Publish ${inspection.resource}`,
      },
      !inspection.isLoopback &&
        outside.length === 0 && {
          code: "address-not-global",
          severity: "warn",
          seen: `the host resolves to ${addresses.join(", ") || "nothing"}`,
          why: "Hosts that connect from the cloud (Claude, ChatGPT) refuse addresses that are not global.",
          change:
            "Publish the server at a name with a global IPv4 address; a private one works for local hosts only",
        },
      outside.length > 0 &&
        !outside.some((address) => isIPv4(address)) && {
          code: "address-without-ipv4",
          severity: "warn",
          seen: `the host resolves to ${outside.join(", ")}`,
          why: "Claude connects over IPv4 only.",
          change: `Add an A record for ${typed.hostname}`,
        },
    );
  },
};
