import type { User } from "../environment.js";
import type { Answer } from "../http.js";
import type { Step } from "../interactions.js";
import { organizationsOf } from "../principal.js";
import { avatar, flowPage } from "./flow.js";
import { html } from "./layout.js";

/** The ways to log in that are only played, as Scalekit would offer them. */
const PROVIDERS: Readonly<Record<string, string>> = {
  google: "Google",
  github: "GitHub",
  sso: "Enterprise SSO",
};

/** Who are you? By a click on a test user, by e-mail and code, or by a simulated provider. */
export function loginPage(step: Step, problem?: string): Answer {
  const hint = step.interaction.params.login_hint;
  const buttons = Object.entries(PROVIDERS).map(
    ([id, name]) => `<a class="button" href="?method=${id}">${html(name)} <small>simulated</small></a>`,
  );
  return flowPage({
    title: "Log in",
    lead: `to continue to ${step.clientName}`,
    problem,
    body: `${userButtons(step, [...step.context.environment.users.values()], "click")}
<p class="or"><span>or</span></p>
<form method="post" class="stack">${csrf(step)}
<label for="email">E-mail address</label>
<input id="email" name="email" type="email" autocomplete="off" required value="${html(typeof hint === "string" ? hint : "")}">
<button>Continue with a code</button>
</form>
<p class="or"><span>or</span></p>
<div class="stack">${buttons.join("")}</div>`,
  });
}

export function codePage(step: Step, email: string, problem?: string): Answer {
  return flowPage({
    title: "Enter the code",
    lead: `No mail was sent to ${email}. Test addresses have the code 424242.`,
    problem,
    body: `<form method="post" class="stack">${csrf(step)}
<input type="hidden" name="email" value="${html(email)}">
<label for="code">Six digits</label>
<input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" pattern="[0-9]{6}" required autofocus>
<button class="primary">Log in</button>
</form>`,
  });
}

/** What a social or enterprise identity provider would show; any address may be typed. */
export function providerPage(step: Step, method: string, organization: string | null): Answer {
  const { environment } = step.context;
  const name = PROVIDERS[method];
  if (name === undefined) return loginPage(step, "There is no such way to log in.");
  const organizations = [...environment.organizations.values()].filter(({ id }) => environment.offersSso(id));
  if (method === "sso" && !environment.organizations.has(organization ?? "")) {
    const links = organizations.map(
      ({ id, name }) =>
        `<a class="button" href="?method=sso&amp;organization=${encodeURIComponent(id)}">${html(name)} <small>${html(id)}</small></a>`,
    );
    const body = `<div class="stack">${links.join("")}</div>`;
    return flowPage({
      title: "Which organization?",
      lead: "Each has its own, simulated, identity provider.",
      body,
    });
  }
  const members = [...environment.users.values()].filter(
    (user) => method !== "sso" || organizationsOf(user).includes(organization ?? ""),
  );
  const where =
    method === "sso"
      ? `the identity provider of ${environment.organizations.get(organization ?? "")?.name}`
      : name;
  const hidden =
    organization === null ? "" : `<input type="hidden" name="organization" value="${html(organization)}">`;
  return flowPage({
    title: `This plays ${where}`,
    lead: "Choose an account, or type the address of a new one.",
    body: `${userButtons(step, members, method, hidden)}
<form method="post" class="stack">${csrf(step)}${hidden}<input type="hidden" name="method" value="${html(method)}">
<label for="email">E-mail address</label><input id="email" name="email" type="email" autocomplete="off" required>
<button>Log in</button></form>`,
  });
}

export function organizationPage(step: Step, user: User, method: string): Answer {
  const { organizations } = step.context.environment;
  const buttons = organizationsOf(user).map(
    (
      id,
    ) => `<button class="choice" name="organization" value="${html(id)}">${avatar(organizations.get(id)?.name ?? id)}
<span>${html(organizations.get(id)?.name ?? id)}<small>${html(id)}</small></span></button>`,
  );
  return flowPage({
    title: "Choose an organization",
    lead: `${user.email} is a member of several.`,
    body: `<form method="post">${csrf(step)}<input type="hidden" name="user" value="${html(user.id)}">
<input type="hidden" name="method" value="${html(method)}"><div class="choices">${buttons.join("")}</div></form>`,
  });
}

function userButtons(step: Step, users: readonly User[], method: string, hidden = ""): string {
  const { organizations } = step.context.environment;
  const buttons = users.map((user) => {
    const organization = organizations.get(user.organizationId ?? "")?.name;
    const about = [user.email, organization].filter((part) => part !== undefined).join(" · ");
    return `<button class="choice" name="user" value="${html(user.id)}">${avatar(user.name ?? user.email)}
<span>${html(user.name ?? user.email)}<small>${html(about)}</small></span></button>`;
  });
  return `<form method="post">${csrf(step)}${hidden}<input type="hidden" name="method" value="${html(method)}">
<div class="choices">${buttons.join("")}</div></form>`;
}

function csrf(step: Step): string {
  return `<input type="hidden" name="csrf" value="${html(step.csrf)}">`;
}
