import type { KoaContextWithOIDC } from "oidc-provider";
import type { Answer } from "../http.js";
import { html, pageAnswer } from "./layout.js";
import { BANNER } from "./style.js";

/** A page that says what went wrong with a request that cannot be answered by a redirect. */
export function errorPage(status: number, error: string, description: string): Answer {
  return pageAnswer({
    title: "This request cannot go on",
    status,
    body: `${BANNER}
<main class="narrow"><div class="card">
<h1>This request cannot go on</h1>
<p class="soft">The application that sent you here has to change something.</p>
<dl><dt>Error</dt><dd><code>${html(error)}</code></dd><dt>Why</dt><dd>${html(description)}</dd></dl>
</div></main>`,
  });
}

/** Answers where the protocol library has no redirect to put an error in: HTML for people, JSON for programs. */
export function protocolErrorAnswer(
  ctx: KoaContextWithOIDC,
  out: { readonly error: string; readonly error_description?: string | undefined },
): void {
  if (ctx.accepts("json", "html") !== "html") {
    ctx.body = out;
    return;
  }
  const answer = errorPage(ctx.status, out.error, out.error_description ?? "");
  ctx.set({ ...answer.headers });
  ctx.type = "html";
  ctx.body = answer.body;
}
