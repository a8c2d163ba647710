import type { Finding } from "./finding.js";
import type { Inspection } from "./inspection.js";
import { type Failure, summary } from "./net/answer.js";
import { printable } from "./net/printable.js";

/** The one finding about a server that answers nothing; undefined when it answers anything. */
export async function unreachableFinding(inspection: Inspection): Promise<Finding | undefined> {
  const outcomes = await Promise.all([inspection.discover(), inspection.get()]);
  const [outcome] = outcomes;
  if (outcome?.kind !== "failure" || outcomes.some(({ kind }) => kind === "answer")) return undefined;
  const { url } = inspection;
  return {
    ...(outcome.reason === "certificate" ? certificate(url) : silence(url, outcome)),
    outcome: "fail",
    seen: printable(`${url.href}: ${summary(outcome)}`),
  };
}

type Said = Omit<Finding, "outcome" | "seen">;

function certificate({ hostname }: URL): Said {
  return {
    check: "V29",
    title: "TLS is good and answers come in time",
    code: "certificate-refused",
    why: "Hosts check the certificate and give up.",
    change: `Serve a certificate for ${hostname} that has not expired, from an authority that is trusted everywhere, with the intermediate certificates of its chain. To look behind one of your own authority: NODE_EXTRA_CA_CERTS=ca.pem npx mcp-authz verify …`,
    section: "RFC 9728 §7.1",
  };
}

function silence(url: URL, { reason }: Failure): Said {
  const changes: Partial<Record<Failure["reason"], string>> = {
    "name not found": `Check the name: DNS has no address for ${url.hostname}`,
    "not tls": `Serve TLS on port ${url.port || "443"}; what listens there speaks something else, perhaps plain http`,
  };
  return {
    check: "V2",
    title: "The server answers",
    code: "unreachable",
    why: "A host that gets no answer shows an error and no login.",
    change:
      changes[reason] ??
      "Start the server, and check the scheme, the name, the port and what stands in front of it",
    section: "MCP Streamable HTTP",
  };
}
