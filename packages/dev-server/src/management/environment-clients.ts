import type { AllClientMetadata } from "oidc-provider";
import { redirectUriFault } from "../client-metadata.js";
import type { Context } from "../context.js";
import type { ClientRecord } from "../records.js";
import { ApiError, type Message, type Methods, message, notFound, text, texts } from "./api.js";
import { secretMessage } from "./clients.js";

const SERVICE = "scalekit.v1.clients.ClientService";

/** Clients of the environment itself: where they may send people, and what signs them in. */
export const environmentClientMethods: Methods = {
  [`${SERVICE}/ListClient`]: ({ environment }) => {
    const clients = [...environment.clients.values()].filter(ofEnvironment);
    return { clients: clients.map(clientMessage), total_size: clients.length };
  },
  [`${SERVICE}/GetClient`]: (context, input) => ({ client: clientMessage(find(context, input)) }),
  [`${SERVICE}/UpdateClient`]: (context, input) => {
    const before = find(context, input);
    const metadata = withFlows({ ...before.metadata, ...changes(input) });
    return { client: clientMessage(context.environment.putClient({ ...before, metadata })) };
  },
};

function ofEnvironment(client: ClientRecord): boolean {
  return client.serverId === undefined && client.organizationId === undefined;
}

function find({ environment }: Context, input: Message): ClientRecord {
  const client = environment.clients.get(text(input, "client_id") ?? "");
  if (!client || !ofEnvironment(client)) throw notFound("client", input.client_id);
  return client;
}

/** What the request sets. A field that the mask names and the message lacks becomes empty. */
function changes({ client, mask }: Message): AllClientMetadata {
  const named = typeof mask === "string" ? mask.split(",").map((field) => field.trim()) : [];
  const sets = (field: string, camel: string): boolean =>
    named.includes(camel) || named.includes(field) || (client as Message | undefined)?.[field] !== undefined;
  const login = text(client, "initiate_login_uri");
  if (login !== undefined && !URL.canParse(login))
    throw new ApiError("invalid_argument", "initiate_login_uri must be a URL");
  return {
    ...(sets("post_login_uris", "postLoginUris")
      ? { redirect_uris: [...redirects(texts(client, "post_login_uris"))] }
      : {}),
    ...(sets("post_logout_redirect_uris", "postLogoutRedirectUris")
      ? { post_logout_redirect_uris: [...redirects(texts(client, "post_logout_redirect_uris"))] }
      : {}),
    ...(sets("initiate_login_uri", "initiateLoginUri") ? { initiate_login_uri: login } : {}),
  };
}

function redirects(uris: readonly string[]): readonly string[] {
  const fault = uris.map(redirectUriFault).find((found) => found !== undefined);
  if (fault) throw new ApiError("invalid_argument", fault);
  return uris;
}

/** A client that has somewhere to send people to may use the authorization code flow. */
function withFlows(metadata: AllClientMetadata): AllClientMetadata {
  const sendsPeople = (metadata.redirect_uris ?? []).length > 0;
  const others = (metadata.grant_types ?? []).filter(
    (type) => type !== "authorization_code" && type !== "refresh_token",
  );
  return {
    ...metadata,
    response_types: sendsPeople ? ["code"] : [],
    grant_types: [...(sendsPeople ? ["authorization_code", "refresh_token"] : []), ...others],
  };
}

function clientMessage({ id, metadata, scopes }: ClientRecord): Message {
  return message({
    id,
    name: metadata.client_name,
    post_login_uris: metadata.redirect_uris ?? [],
    post_logout_redirect_uris: metadata.post_logout_redirect_uris ?? [],
    initiate_login_uri: metadata.initiate_login_uri,
    scopes: scopes ?? [],
    grant_types: metadata.grant_types ?? [],
    secrets: metadata.client_secret === undefined ? [] : [secretMessage(metadata.client_secret)],
  });
}
