import type { Environment, User } from "./environment.js";
import type { Outcome, Step } from "./interactions.js";
import { codePage, loginPage, organizationPage, providerPage } from "./pages/login.js";
import { accountId, organizationsOf } from "./principal.js";

/** The code that every address with `+sktest` in it can log in with. */
export const STATIC_CODE = "424242";

/** The page on which a person says who they are: by e-mail and code, by a simulated provider, or by a click. */
export async function loginStep(step: Step): Promise<Outcome> {
  const { context, wish, form, query } = step;
  if (wish.server?.customLogin) return customLogin(step);
  if (!form) {
    const method = query.get("method");
    return {
      page: method === null ? loginPage(step) : providerPage(step, method, query.get("organization")),
    };
  }
  if (form.get("method") === "sso" && !context.environment.offersSso(form.get("organization") ?? ""))
    return { page: loginPage(step, "The identity provider of this organization is switched off.") };
  const email = form.get("email")?.trim() ?? "";
  const user = context.environment.users.get(form.get("user") ?? "");
  if (user) return enter(step, user, form.get("method") ?? "click");
  if (!/^[^@\s]+@[^@\s]+$/.test(email))
    return { page: loginPage(step, "Type an e-mail address, or choose a user.") };
  if (form.get("method") !== null) return enter(step, knownOrNew(context.environment, email, form), "ext");
  if (!form.has("code")) return { page: codePage(step, email) };
  if (form.get("code")?.trim() !== STATIC_CODE || !isTestAddress(email)) {
    return { page: codePage(step, email, codeProblem(email)) };
  }
  return enter(step, knownOrNew(context.environment, email, form), "otp");
}

function isTestAddress(email: string): boolean {
  return email.split("@")[0]?.includes("+sktest") === true;
}

function codeProblem(email: string): string {
  return isTestAddress(email)
    ? `That is not the code. Addresses with +sktest always have ${STATIC_CODE}.`
    : "No mail is sent from here. Only addresses with +sktest in them have a code.";
}

/** Whoever proves an address is its user; the first time, they become one. */
function knownOrNew(environment: Environment, email: string, form: URLSearchParams): User {
  const organizationId = form.get("organization") ?? "";
  return (
    environment.findUser(email) ??
    environment.addUser({ email, ...(organizationId === "" ? {} : { organizationId }) })
  );
}

function enter(step: Step, user: User, method: string): Outcome {
  const organizations = organizationsOf(user);
  const organizationId = step.form?.get("organization") ?? undefined;
  const chosen = organizationId !== undefined && organizations.includes(organizationId);
  if (organizations.length > 1 && !chosen) return { page: organizationPage(step, user, method) };
  step.notes.subject = user.id;
  const account = accountId(chosen ? { user, organizationId } : { user });
  return { result: { login: { accountId: account, amr: [method] } } };
}

/** Sends the browser to the MCP server's own login page, and takes its word when the browser comes back. */
function customLogin({ context, interaction, wish, notes }: Step): Outcome {
  const outcome = context.customLogins.take(interaction.uid);
  const login = wish.server?.customLogin;
  if (outcome && "user" in outcome) {
    notes.subject = outcome.user.id;
    return { result: { login: { accountId: outcome.user.id, amr: ["ext"] } } };
  }
  if (outcome) return { result: { error: "access_denied", error_description: outcome.failed } };
  if (!login) throw new Error("the MCP server has no login page of its own");
  const headers = {
    Location: context.customLogins.begin(login, interaction.uid),
    "Cache-Control": "no-store",
  };
  return { page: { status: 303, headers } };
}
