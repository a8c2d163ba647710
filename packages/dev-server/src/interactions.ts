import type { IncomingMessage, ServerResponse } from "node:http";
import type { InteractionResults, default as Provider } from "oidc-provider";
import { type Wish, wishOf } from "./approval.js";
import { consentStep } from "./consent.js";
import type { Context } from "./context.js";
import { csrfToken, isCsrfToken, isSameOrigin } from "./csrf.js";
import { type Answer, readBody, send } from "./http.js";
import { loginStep } from "./login.js";
import { errorPage } from "./pages/error.js";
import type { RequestNotes } from "./request-log.js";

export type Interaction = Awaited<ReturnType<Provider["interactionDetails"]>>;

/** A step of a login in the browser: a page to show, or what came of it. */
export type Outcome = { readonly page: Answer } | { readonly result: InteractionResults };

/** One visit to a step. */
export interface Step {
  readonly context: Context;
  readonly provider: Provider;
  readonly interaction: Interaction;
  readonly wish: Wish;
  readonly clientName: string;
  readonly csrf: string;
  readonly query: URLSearchParams;
  /** What was submitted; `undefined` while the page is only looked at. */
  readonly form: URLSearchParams | undefined;
  readonly notes: RequestNotes;
}

/**
 * `/interactions/{uid}`: the pages on which a person logs in and consents. Each belongs to one authorization
 * request of one browser, and takes one decision.
 */
export async function handleInteraction(
  context: Context,
  request: IncomingMessage,
  response: ServerResponse,
  notes: RequestNotes,
): Promise<void> {
  const provider = await context.authorizationServer(undefined);
  const interaction = await provider.interactionDetails(request, response).catch(() => undefined);
  if (!interaction) {
    const why =
      "This page belongs to another browser session, was used already, or has expired. Start again.";
    send(response, errorPage(400, "session_not_found", why));
    return;
  }
  notes.clientId = String(interaction.params.client_id);
  const form = request.method === "POST" ? await readForm(request) : undefined;
  if (form && !(isSameOrigin(request) && isCsrfToken(context.secret, interaction.uid, form.get("csrf")))) {
    notes.error = "csrf";
    send(response, errorPage(403, "forbidden", "This decision did not come from the page that asks for it."));
    return;
  }
  const step = await stepOf(context, provider, interaction, request.url ?? "", form, notes);
  const outcome = interaction.prompt.name === "login" ? await loginStep(step) : await consentStep(step);
  if ("page" in outcome) send(response, outcome.page);
  else await finish(response, interaction, outcome.result);
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  return new URLSearchParams((await readBody(request)).toString("utf8"));
}

async function stepOf(
  context: Context,
  provider: Provider,
  interaction: Interaction,
  target: string,
  form: URLSearchParams | undefined,
  notes: RequestNotes,
): Promise<Step> {
  const clientId = String(interaction.params.client_id);
  const client = await provider.Client.find(clientId).catch(() => undefined);
  return {
    context,
    provider,
    interaction,
    wish: wishOf(context.environment, interaction.params),
    clientName: client?.clientName ?? clientId,
    csrf: csrfToken(context.secret, interaction.uid),
    query: new URL(target, context.environment.url).searchParams,
    form,
    notes,
  };
}

/** Keeps what came of the step, and sends the browser back into the authorization request. */
async function finish(
  response: ServerResponse,
  interaction: Interaction,
  result: InteractionResults,
): Promise<void> {
  interaction.result = result;
  await interaction.save(interaction.exp - Math.floor(Date.now() / 1000));
  send(response, { status: 303, headers: { Location: interaction.returnTo, "Cache-Control": "no-store" } });
}
