import { fillGrant, grantedScopes } from "./approval.js";
import type { Outcome, Step } from "./interactions.js";
import { consentPage } from "./pages/consent.js";
import { accountId, findPrincipal, type Principal } from "./principal.js";

/** The page on which the logged-in user agrees to what the client asks for, or to less, or not at all. */
export async function consentStep(step: Step): Promise<Outcome> {
  const { context, interaction, form, notes } = step;
  const principal = findPrincipal(context.environment, interaction.session?.accountId);
  if (form?.get("decision") === "switch" || !principal) return leaveSession(step);
  if (!form) return { page: consentPage(step, principal) };
  notes.subject = principal.user.id;
  if (form.get("decision") !== "allow") {
    notes.error = "access_denied";
    return { result: { error: "access_denied", error_description: "The user denied the request" } };
  }
  return { result: { consent: { grantId: await saveGrant(step, principal, form.getAll("scope")) } } };
}

async function saveGrant(step: Step, principal: Principal, agreed: readonly string[]): Promise<string> {
  const { context, provider, interaction, wish, notes } = step;
  const clientId = String(interaction.params.client_id);
  const grant = new provider.Grant({ accountId: accountId(principal), clientId });
  const granted = grantedScopes(context, wish, agreed, principal);
  notes.granted = granted.join(" ");
  fillGrant(grant, wish, granted);
  return grant.save();
}

/** Ends the browser's session, so that the authorization request begins with a login again. */
async function leaveSession({ provider, interaction }: Step): Promise<Outcome> {
  const { session } = interaction;
  if (session?.uid) await (await provider.Session.findByUid(session.uid))?.destroy();
  delete interaction.session;
  return { result: {} };
}
