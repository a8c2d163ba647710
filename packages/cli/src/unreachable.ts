import type { Finding } from "./finding.js";
import type { Inspection } from "./inspection.js";
import { summary } from "./net/answer.js";
import { printable } from "./net/printable.js";

/** The one finding about a server that answers nothing; undefined when it answers anything. */
export async function unreachableFinding(inspection: Inspection): Promise<Finding | undefined> {
  const outcomes = await Promise.all([inspection.discover(), inspection.get()]);
  const [outcome] = outcomes;
  if (outcome === undefined || outcomes.some(({ kind }) => kind === "answer")) return undefined;
  const tls = outcome.kind === "failure" && outcome.reason === "tls";
  return {
    check: tls ? "V29" : "V2",
    title: tls ? "TLS is good and answers come in time" : "The server answers",
    outcome: "fail",
    code: tls ? "certificate-refused" : "unreachable",
    seen: printable(`${inspection.url.href}: ${summary(outcome)}`),
    why: tls
      ? "Hosts check the certificate and give up."
      : "A host that gets no answer shows an error and no login.",
    change: tls
      ? `Serve a certificate that is valid for ${inspection.url.hostname}, with its whole chain`
      : "Start the server, and check the name, the port and what stands in front of it",
    section: tls ? "RFC 9728 §7.1" : "MCP Streamable HTTP",
  };
}
