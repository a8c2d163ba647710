import type { Finding } from "../finding.js";
import type { HostVerdict } from "../hosts.js";
import type { ScopeMatrix } from "../matrix.js";
import { counts, type Report } from "../report.js";
import { escaped } from "./markup.js";
import { sequence } from "./sequence.js";
import { several } from "./several.js";
import { style } from "./style.js";

/** The report as one HTML page that loads nothing and runs nothing. */
export function html(report: Report): string {
  const { pass, fail, warn, info, skip } = counts(report.findings);
  const problems = report.findings
    .filter(({ outcome }) => outcome !== "pass" && outcome !== "skip")
    .toSorted((a, b) => gravity.indexOf(a.outcome) - gravity.indexOf(b.outcome));
  const rest = report.findings.filter(({ outcome }) => outcome === "pass" || outcome === "skip");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>mcp-authz: ${escaped(report.url)}</title>
<style>${style}</style>
</head>
<body><main>
<h1>${escaped(report.url)}</h1>
<p class="soft">mcp-authz verify, ${escaped(report.startedAt)}${report.foundIn === undefined ? "" : `, URL found in ${escaped(report.foundIn)}`}</p>
<ul class="totals"><li class="fail">${fail} failed</li><li class="warn">${several(warn, "warning")}</li><li class="info">${several(info, "note")}</li><li class="pass">${pass} passed</li><li class="skip">${skip} skipped</li></ul>
${hostCards(report.hosts)}
${section("To change", problems)}
${report.matrix === undefined ? "" : matrixTable(report.matrix)}
<h2>What happened</h2>
${sequence(report.steps)}
${section("In order", rest)}
</main></body>
</html>
`;
}

const gravity: readonly Finding["outcome"][] = ["fail", "warn", "info"];

function section(title: string, findings: readonly Finding[]): string {
  if (findings.length === 0) return "";
  return `<h2>${title}</h2>\n<ul class="findings">${findings.map(item).join("\n")}</ul>`;
}

function item({ outcome, check, title, seen, why, change, section }: Finding): string {
  const head = `<div class="head"><b class="${outcome}">${outcome}</b><span>${escaped(check)}</span><span>${escaped(title)}</span></div>`;
  if (outcome === "pass") return `<li>${head}</li>`;
  if (outcome === "skip") return `<li>${head}<p class="soft">${escaped(seen)}</p></li>`;
  return `<li>${head}<dl>
<dt>seen</dt><dd>${escaped(seen)}</dd>
<dt>why</dt><dd>${escaped(why)}</dd>
<dt>change</dt><dd class="change">${escaped(change)}</dd>
<dt>see</dt><dd>${escaped(section)}</dd>
</dl></li>`;
}

const styles = { yes: "pass", perhaps: "warn", no: "fail" } as const;

function hostCards(hosts: readonly HostVerdict[]): string {
  if (hosts.length === 0) return "";
  return `<h2>Would it connect?</h2>
<ul class="hosts">${hosts.map(hostCard).join("\n")}</ul>`;
}

function hostCard({ host, connects, reasons }: HostVerdict): string {
  const list = reasons.map((reason) => `<li>${escaped(reason)}</li>`).join("");
  return `<li><strong>${escaped(host)}</strong> <b class="${styles[connects]}">${connects}</b>${list === "" ? "" : `<ul>${list}</ul>`}</li>`;
}

function matrixTable({ columns, rows }: ScopeMatrix): string {
  const head = columns.map((scope) => `<th>${escaped(scope || "no scope")}</th>`).join("");
  const body = rows
    .map(({ tool, cells }) => {
      const row = cells
        .map((cell) => `<td class="${cell === "allowed" ? "pass" : "warn"}">${cell}</td>`)
        .join("");
      return `<tr><th>${escaped(tool)}</th>${row}</tr>`;
    })
    .join("\n");
  return `<h2>Tools and scopes</h2>\n<table><thead><tr><th>tool</th>${head}</tr></thead><tbody>${body}</tbody></table>`;
}
