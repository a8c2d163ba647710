import type { Party, Step } from "../step.js";
import { escaped } from "./markup.js";

const order: readonly Party[] = ["browser", "host", "MCP server", "authorization server"];

/**
 * A sequence diagram in plain HTML: one lane per party, one row per message. On a narrow screen the lanes go
 * and each row says in words who asked whom.
 */
export function sequence(steps: readonly Step[]): string {
  if (steps.length === 0) return "<p>Nothing was exchanged.</p>";
  const parties = order.filter((party) => steps.some(({ from, to }) => from === party || to === party));
  const lanes = parties.map((party) => `<li>${escaped(party)}</li>`).join("");
  return `<div class="sequence" style="--lanes:${parties.length}">
<ol class="lanes" aria-hidden="true">${lanes}</ol>
<ol class="steps">${steps.map((step, at) => row(step, parties, told(steps, at))).join("\n")}</ol>
</div>`;
}

/** Whether an earlier step has shown the same detail already. */
function told(steps: readonly Step[], at: number): boolean {
  return steps.findIndex(({ detail }) => detail === steps[at]?.detail) < at;
}

function row(step: Step, parties: readonly Party[], told: boolean): string {
  const from = parties.indexOf(step.from);
  const to = parties.indexOf(step.to);
  const left = Math.min(from, to) + 1;
  const direction = to >= from ? "right" : "left";
  const detail = step.detail === "" || told ? "" : `<span class="detail">${escaped(step.detail)}</span>`;
  return `<li class="${step.ok ? "ok" : "refused"}"><div class="message ${direction}" style="--from:${left};--span:${Math.max(1, Math.abs(to - from))}">
<span class="who">${escaped(step.from)} → ${escaped(step.to)}</span>
<span class="request">${escaped(step.request)}</span><span class="arrow" aria-hidden="true"></span><span class="answer">${escaped(step.answer)}</span>${detail}
</div></li>`;
}
