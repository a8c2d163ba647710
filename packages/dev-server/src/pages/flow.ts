import type { Answer } from "../http.js";
import { html, pageAnswer } from "./layout.js";
import { BANNER } from "./style.js";

/** A step of a login: one narrow card. `body` is HTML, with everything foreign in it escaped. */
export interface Flow {
  readonly title: string;
  readonly lead: string;
  readonly body: string;
  readonly problem?: string | undefined;
}

export function flowPage({ title, lead, body, problem }: Flow): Answer {
  const alert = problem === undefined ? "" : `<p class="problem" role="alert">${html(problem)}</p>`;
  return pageAnswer({
    title,
    body: `${BANNER}
<main class="narrow"><div class="card">
<h1>${html(title)}</h1>
<p class="soft small">${html(lead)}</p>
${alert}
${body}
</div></main>`,
  });
}

/** One or two letters in a circle. */
export function avatar(name: string): string {
  const letters = name
    .split(/[\s@.]+/)
    .slice(0, 2)
    .map((word) => word.charAt(0).toUpperCase())
    .join("");
  return `<span class="avatar" aria-hidden="true">${html(letters)}</span>`;
}
