import type { Finding } from "../finding.js";
import type { Report } from "../report.js";

const levels = { fail: "error", warn: "warning", info: "note", pass: "none", skip: "none" } as const;

/** The problems as SARIF 2.1.0, for code scanning. */
export function sarif(report: Report): string {
  const problems = report.findings.filter(({ outcome }) => outcome !== "pass" && outcome !== "skip");
  const rules = problems.filter(({ code }, at) => problems.findIndex((other) => other.code === code) === at);
  return `${JSON.stringify(
    {
      $schema: "https://json.schemastore.org/sarif-2.1.0.json",
      version: "2.1.0",
      runs: [
        {
          tool: {
            driver: {
              name: "mcp-authz",
              informationUri: "https://github.com/mcp-authz/mcp-authz",
              rules: rules.map(rule),
            },
          },
          results: problems.map((problem) => result(problem, report)),
        },
      ],
    },
    null,
    2,
  )}\n`;
}

function rule({ code, title, why, section, outcome }: Finding): object {
  return {
    id: code,
    shortDescription: { text: title },
    fullDescription: { text: why },
    help: { text: section },
    defaultConfiguration: { level: levels[outcome] },
  };
}

function result({ code, outcome, seen, change, check }: Finding, report: Report): object {
  // Code scanning wants a file; the one that named the URL is the nearest there is.
  const file = /^([^ :]+):(\d+)/.exec(report.foundIn ?? "");
  const physicalLocation =
    file === null
      ? { artifactLocation: { uri: report.url } }
      : { artifactLocation: { uri: file[1] }, region: { startLine: Number(file[2]) } };
  return {
    ruleId: code,
    level: levels[outcome],
    message: { text: `${check}: ${seen}\nChange: ${change}` },
    locations: [{ physicalLocation }],
    partialFingerprints: { "mcpAuthz/v1": `${report.url}#${check}#${code}` },
  };
}
