import { createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { default as Provider } from "oidc-provider";
import { fillGrant, type Wish, wishOf } from "./approval.js";
import type { Environment } from "./environment.js";
import { readBody, send } from "./http.js";
import { consentPage } from "./pages/consent.js";
import { errorPage } from "./pages/error.js";
import type { RequestNotes } from "./request-log.js";

/** One visit to the consent page. */
export interface ConsentRequest {
  readonly environment: Environment;
  readonly provider: Provider;
  /** Key of the CSRF tokens. */
  readonly secret: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly notes: RequestNotes;
}

type Interaction = Awaited<ReturnType<Provider["interactionDetails"]>>;

/**
 * `/interactions/{uid}`: shows who asks for what, and takes the decision.
 *
 * The decision must carry a token that only this page contains. The cookie alone would not do: for a browser,
 * every port of this machine is the same site, so any local page could post here with it.
 */
export async function handleConsent(consent: ConsentRequest): Promise<void> {
  const { provider, request, response } = consent;
  const interaction = await provider.interactionDetails(request, response).catch(() => undefined);
  if (!interaction) {
    const why =
      "This page belongs to another browser session, was used already, or has expired. Start again.";
    return send(response, errorPage(400, "session_not_found", why));
  }
  if (request.method === "POST") return decide(consent, interaction);
  return show(consent, interaction);
}

async function show(consent: ConsentRequest, interaction: Interaction): Promise<void> {
  const { environment, provider } = consent;
  const clientId = String(interaction.params.client_id);
  const client = await provider.Client.find(clientId).catch(() => undefined);
  const hint = interaction.session?.accountId ?? interaction.params.login_hint;
  const page = consentPage({
    environment,
    clientId,
    clientName: client?.clientName ?? clientId,
    redirectUri: String(interaction.params.redirect_uri),
    wish: wishOf(environment, interaction.params),
    user: typeof hint === "string" ? environment.findUser(hint) : undefined,
    csrf: csrfToken(consent.secret, interaction.uid),
  });
  send(consent.response, page);
}

async function decide(consent: ConsentRequest, interaction: Interaction): Promise<void> {
  const { environment, provider, request, response, notes } = consent;
  const form = new URLSearchParams((await readBody(request)).toString("utf8"));
  notes.clientId = String(interaction.params.client_id);
  if (!sameOrigin(request) || !matches(form.get("csrf"), csrfToken(consent.secret, interaction.uid))) {
    notes.error = "csrf";
    return send(response, errorPage(403, "forbidden", "This decision did not come from the consent page."));
  }
  if (form.get("decision") !== "allow") {
    notes.error = "access_denied";
    const result = { error: "access_denied", error_description: "The user denied the request" };
    return finish(response, interaction, result);
  }
  const user = environment.users.get(form.get("user") ?? "");
  if (!user) return send(response, errorPage(400, "invalid_request", "There is no such user."));
  const wish = wishOf(environment, interaction.params);
  notes.subject = user.id;
  notes.granted = granted(wish, form.getAll("scope")).join(" ");
  await leaveOtherSession(provider, interaction, user.id);
  const grantId = await saveGrant(provider, interaction, wish, user.id, form.getAll("scope"));
  return finish(response, interaction, { login: { accountId: user.id }, consent: { grantId } });
}

function granted(wish: Wish, chosen: readonly string[]): readonly string[] {
  return wish.scopes.filter((scope) => chosen.includes(scope));
}

async function saveGrant(
  provider: Provider,
  interaction: Interaction,
  wish: Wish,
  accountId: string,
  chosen: readonly string[],
): Promise<string> {
  const grant = new provider.Grant({ accountId, clientId: String(interaction.params.client_id) });
  fillGrant(grant, wish, chosen);
  return grant.save();
}

/** Another user was logged in: their browser session ends, instead of passing to the one just chosen. */
async function leaveOtherSession(
  provider: Provider,
  interaction: Interaction,
  accountId: string,
): Promise<void> {
  const { session } = interaction;
  if (!session?.accountId || session.accountId === accountId) return;
  await (await provider.Session.findByUid(session.uid))?.destroy();
  delete interaction.session;
}

async function finish(
  response: ServerResponse,
  interaction: Interaction,
  result: NonNullable<Interaction["result"]>,
): Promise<void> {
  interaction.result = result;
  await interaction.save(interaction.exp - Math.floor(Date.now() / 1000));
  send(response, { status: 303, headers: { Location: interaction.returnTo, "Cache-Control": "no-store" } });
}

function csrfToken(secret: string, uid: string): string {
  return createHmac("sha256", secret).update(`consent:${uid}`).digest("base64url");
}

function matches(received: string | null, expected: string): boolean {
  const bytes = Buffer.from(received ?? "");
  return bytes.length === expected.length && timingSafeEqual(bytes, Buffer.from(expected));
}

/** Browsers send `Origin` with every form; a program that sends none has no user whose cookies it could abuse. */
function sameOrigin(request: IncomingMessage): boolean {
  const { origin, host } = request.headers;
  return origin === undefined || (URL.canParse(origin) && new URL(origin).host === host);
}
