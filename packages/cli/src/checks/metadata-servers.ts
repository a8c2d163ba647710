import type { Check } from "../check.js";
import { examined, type Problem, skipped } from "../finding.js";
import type { Inspection } from "../inspection.js";
import { isLoopbackHost } from "../net/address.js";

export const metadataServersCheck: Check = {
  id: "V11",
  title: "authorization_servers names at least one issuer",
  section: "MCP authorization, Authorization Server Location; RFC 8414 §2",
  async examine(inspection) {
    const found = (await inspection.metadata()).chosen?.found;
    if (found === undefined) return skipped("there is no metadata");
    const { authorizationServers: servers } = found;
    return examined(
      servers.join(", "),
      servers.length === 0 && {
        code: "no-authorization-server",
        severity: "fail",
        seen: `"authorization_servers": ${JSON.stringify(found.document.authorization_servers) ?? "missing"}`,
        why: "Hosts do not know where to log in.",
        change:
          '"authorization_servers": ["https://<the issuer, byte for byte as its own metadata spells it>"]',
      },
      ...servers.map((server) => issuerProblem(inspection, server)),
    );
  },
};

function issuerProblem(inspection: Inspection, server: string): Problem | undefined {
  const wrong = wrongWith(inspection, server);
  if (wrong === undefined) return undefined;
  return {
    code: "issuer-not-usable",
    severity: "fail",
    seen: `"${server}" ${wrong}`,
    why: "An issuer is an https URL without query and fragment; clients refuse anything else.",
    change: "Copy the issuer byte for byte from the authorization server's own metadata",
  };
}

function wrongWith(inspection: Inspection, server: string): string | undefined {
  if (!URL.canParse(server)) return "is no absolute URL";
  const url = new URL(server);
  if (url.search !== "" || url.hash !== "") return "has a query or a fragment";
  if (url.pathname.includes("/.well-known/")) return "is the URL of a document, not the issuer";
  if (url.protocol === "https:") return undefined;
  if (isLoopbackHost(url.hostname))
    return inspection.isLoopback ? undefined : "is on the reader's own machine";
  return "is not https";
}
