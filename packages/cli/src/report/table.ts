import type { Finding } from "../finding.js";
import type { HostVerdict } from "../hosts.js";
import { counts, type Report } from "../report.js";
import { several } from "./several.js";

export interface TableOptions {
  readonly color: boolean;
  /** Columns of the terminal. */
  readonly width: number;
}

type Paint = (text: string) => string;

const codes = { pass: 32, fail: 31, warn: 33, info: 36, skip: 90, bold: 1, dim: 2 } as const;
const marks = { pass: "✓", fail: "✗", warn: "!", info: "i", skip: "-" } as const;

/** The report for a person: what fails first says what to change, what passes is one line. */
export function table(report: Report, options: TableOptions): string {
  const paint = (style: keyof typeof codes): Paint =>
    options.color ? (text) => `\u001b[${codes[style]}m${text}\u001b[0m` : (text) => text;
  const width = Math.max(40, Math.min(options.width, 110));
  const lines = [paint("bold")(report.url), ...(report.foundIn ? [`found in ${report.foundIn}`] : []), ""];
  for (const finding of report.findings) lines.push(...findingLines(finding, paint, width));
  if (report.hosts.length > 0) lines.push("", ...hostLines(report.hosts, paint, width));
  if (report.matrix !== undefined) lines.push("", ...matrixLines(report.matrix));
  lines.push("", totals(report));
  return `${lines.join("\n")}\n`;
}

function findingLines(
  finding: Finding,
  paint: (style: keyof typeof codes) => Paint,
  width: number,
): string[] {
  const { outcome, check, title, seen, why, change, section } = finding;
  const head = `${paint(outcome)(`${marks[outcome]} ${outcome.padEnd(4)}`)} ${check.padEnd(4)}${title}`;
  if (outcome === "pass") return [head];
  if (outcome === "skip") return [`${head} ${paint("dim")(`(${seen})`)}`];
  return [
    head,
    ...row("seen", seen, width),
    ...row("why", why, width),
    ...row("change", change, width),
    ...row("see", section, width).map(paint("dim")),
  ];
}

function row(label: string, text: string, width: number): string[] {
  return wrap(text, width - 14).map((line, index) => `      ${(index === 0 ? label : "").padEnd(8)}${line}`);
}

/** Breaks at spaces; a word that is longer than a line stays whole, so that URLs can be copied. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

function hostLines(
  hosts: readonly HostVerdict[],
  paint: (style: keyof typeof codes) => Paint,
  width: number,
): string[] {
  const styles = { yes: "pass", perhaps: "warn", no: "fail" } as const;
  return [
    paint("bold")("Would it connect?"),
    ...hosts.flatMap(({ host, connects, reasons }) => [
      `  ${host.padEnd(9)}${paint(styles[connects])(connects)}`,
      ...reasons.slice(0, 3).flatMap((reason) => row("", reason, width)),
    ]),
  ];
}

function matrixLines({ columns, rows }: NonNullable<Report["matrix"]>): string[] {
  const lines = [
    "Tools and scopes",
    ...columns.map((scope, index) => `  token ${index + 1}: ${scope || "(no scope)"}`),
  ];
  for (const { tool, cells } of rows)
    lines.push(`  ${tool}: ${cells.map((cell, at) => `${at + 1} ${cell}`).join(", ")}`);
  return lines;
}

function totals({ findings, milliseconds }: Report): string {
  const { pass, fail, warn, info, skip } = counts(findings);
  return `${fail} failed, ${several(warn, "warning")}, ${several(info, "note")}, ${pass} passed, ${skip} skipped in ${(milliseconds / 1000).toFixed(1)} s`;
}
