import type { Wish } from "../approval.js";
import type { Environment, User } from "../environment.js";
import type { Answer } from "../http.js";
import { html, pageAnswer } from "./layout.js";
import { BANNER } from "./style.js";

/** What the consent page shows and sends back. */
export interface ConsentView {
  readonly environment: Environment;
  readonly clientId: string;
  readonly clientName: string;
  readonly redirectUri: string;
  readonly wish: Wish;
  /** The user who is logged in or was hinted at; chosen beforehand. */
  readonly user: User | undefined;
  readonly csrf: string;
}

/**
 * Who asks, where the answer goes, for which server, for what: all that a person needs to refuse a request
 * that is not theirs (MCP security best practices, "Confused Deputy").
 */
export function consentPage(view: ConsentView): Answer {
  const target = view.wish.server?.name ?? "this environment";
  return pageAnswer({
    title: `${view.clientName} wants to use ${target}`,
    body: `${BANNER}
<main class="narrow"><form class="card" method="post">
<input type="hidden" name="csrf" value="${html(view.csrf)}">
<h1>${html(view.clientName)} wants to use ${html(target)}</h1>
<p class="soft small">It will act for the person you choose below.</p>
${facts(view)}
${users(view)}
${scopes(view)}
<div class="buttons">
<button class="primary" name="decision" value="allow">Allow</button>
<button name="decision" value="deny">Deny</button>
</div>
</form></main>`,
  });
}

function facts({ clientId, redirectUri, wish }: ConsentView): string {
  const rows: [string, string][] = [
    ["Client", `<code>${html(clientId)}</code>`],
    ["Returns to", destination(redirectUri)],
  ];
  if (wish.resource !== undefined) rows.push(["MCP server", `<code>${html(wish.resource)}</code>`]);
  return `<dl>${rows.map(([name, value]) => `<dt>${name}</dt><dd>${value}</dd>`).join("")}</dl>`;
}

const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])$/;

function destination(redirectUri: string): string {
  const { protocol, host, hostname } = new URL(redirectUri);
  if (LOOPBACK.test(hostname)) {
    return `<strong>${html(host)}</strong> <span class="soft">a program on this computer; any program here could be behind it</span>`;
  }
  if (protocol === "https:") return `<strong>${html(host)}</strong>`;
  return `<strong>${html(protocol)}</strong> <span class="soft">the app that opens such links</span>`;
}

function users({ environment, user }: ConsentView): string {
  const all = [...environment.users.values()];
  const chosen = user ?? all[0];
  const choices = all.map((one) => {
    const checked = one.id === chosen?.id ? " checked" : "";
    const about = [one.email, one.organizationId].filter((part) => part !== undefined).join(" · ");
    return `<label class="choice"><input type="radio" name="user" value="${html(one.id)}" required${checked}>
<span>${html(one.name ?? one.email)}<small>${html(about)}</small></span></label>`;
  });
  return `<fieldset><legend>Sign in as</legend><div class="choices">${choices.join("")}</div></fieldset>`;
}

const OIDC_MEANING: Readonly<Record<string, string>> = {
  openid: "know who you are",
  profile: "read your name",
  email: "read your e-mail address",
  offline_access: "stay connected when you are away",
};

function scopes({ wish }: ConsentView): string {
  const described = new Map(wish.server?.scopes.map((scope) => [scope.name, scope.description ?? ""]));
  const choices = wish.scopes.map((name) => {
    const description = described.get(name) ?? "";
    return `<label class="choice"><input type="checkbox" name="scope" value="${html(name)}" checked>
<span><code>${html(name)}</code>${description === "" ? "" : `<small>${html(description)}</small>`}</span></label>`;
  });
  const also = wish.oidcScopes.map((name) => OIDC_MEANING[name]).filter((text) => text !== undefined);
  const list =
    choices.length === 0
      ? '<p class="soft small">It asks for no permission.</p>'
      : `<fieldset><legend>Permissions: take away what it should not have</legend><div class="choices">${choices.join("")}</div></fieldset>`;
  return also.length === 0 ? list : `${list}<p class="soft small">It may also ${html(also.join(", "))}.</p>`;
}
