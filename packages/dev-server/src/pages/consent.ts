import type { Answer } from "../http.js";
import type { Step } from "../interactions.js";
import type { Principal } from "../principal.js";
import { avatar, flowPage } from "./flow.js";
import { html } from "./layout.js";

/**
 * Who asks, where the answer goes, for which server, for what: all that a person needs to refuse a request
 * that is not theirs (MCP security best practices, "Confused Deputy").
 */
export function consentPage(step: Step, principal: Principal): Answer {
  const target = step.wish.server?.name ?? "this environment";
  return flowPage({
    title: `${step.clientName} wants to use ${target}`,
    lead: "It will act for you, with what you allow here.",
    body: `<form method="post">
<input type="hidden" name="csrf" value="${html(step.csrf)}">
${signedIn(step, principal)}
${facts(step)}
${scopes(step, principal)}
<div class="buttons">
<button class="primary" name="decision" value="allow">Allow</button>
<button name="decision" value="deny">Deny</button>
</div>
</form>`,
  });
}

function signedIn({ context }: Step, { user, organizationId }: Principal): string {
  const organization = context.environment.organizations.get(organizationId ?? "")?.name;
  const about = [user.email, organization].filter((part) => part !== undefined).join(" · ");
  return `<div class="who">${avatar(user.name ?? user.email)}
<div><strong>${html(user.name ?? user.email)}</strong><small>${html(about)}</small></div>
<button class="link" name="decision" value="switch" formnovalidate>Not you?</button></div>`;
}

function facts({ interaction, wish }: Step): string {
  const rows: [string, string][] = [
    ["Client", `<code>${html(String(interaction.params.client_id))}</code>`],
    ["Returns to", destination(String(interaction.params.redirect_uri))],
  ];
  if (wish.resource !== undefined) rows.push(["MCP server", `<code>${html(wish.resource)}</code>`]);
  return `<dl>${rows.map(([name, value]) => `<dt>${name}</dt><dd>${value}</dd>`).join("")}</dl>`;
}

const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])$/;

function destination(redirectUri: string): string {
  const { protocol, host, hostname } = new URL(redirectUri);
  if (LOOPBACK.test(hostname)) {
    return `<strong>${html(host)}</strong> <span class="soft">on this computer; any program here could be behind it</span>`;
  }
  if (protocol === "https:") return `<strong>${html(host)}</strong>`;
  return `<strong>${html(protocol)}</strong> <span class="soft">the app that opens such links</span>`;
}

const OIDC_MEANING: Readonly<Record<string, string>> = {
  openid: "know who you are",
  profile: "read your name",
  email: "read your e-mail address",
  offline_access: "stay connected when you are away",
};

function scopes({ context, wish }: Step, { user }: Principal): string {
  const described = new Map(wish.server?.scopes.map((scope) => [scope.name, scope.description ?? ""]));
  const limited = wish.server?.intersectScopesUserPermission ?? false;
  const permitted = limited ? (context.environment.permissionsOf(user) ?? []) : undefined;
  const choices = wish.scopes.map((name) => {
    const denied = permitted !== undefined && !permitted.includes(name);
    const about = denied
      ? "You do not have this permission, so it cannot be granted"
      : (described.get(name) ?? "");
    return `<label class="choice"><input type="checkbox" name="scope" value="${html(name)}"${denied ? " disabled" : " checked"}>
<span><code>${html(name)}</code>${about === "" ? "" : `<small>${html(about)}</small>`}</span></label>`;
  });
  const also = wish.oidcScopes.map((name) => OIDC_MEANING[name]).filter((text) => text !== undefined);
  const list =
    choices.length === 0
      ? '<p class="soft small">It asks for no permission.</p>'
      : `<fieldset><legend>Permissions: untick what it should not have</legend><div class="choices">${choices.join("")}</div></fieldset>`;
  return also.length === 0 ? list : `${list}<p class="soft small">It may also ${html(also.join(", "))}.</p>`;
}
