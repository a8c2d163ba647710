import type { Context } from "../context.js";
import type { DevClient } from "../options.js";
import { type ClientRecord, newSecret } from "../records.js";
import { type Message, type Methods, message, notFound, page, text, texts } from "./api.js";
import { attempt } from "./resources.js";

const SERVICE = "scalekit.v1.clients.ClientService";

/** Machine clients of organizations, and the clients of MCP servers. */
export const clientMethods: Methods = {
  [`${SERVICE}/CreateOrganizationClient`]: (context, input) => {
    const organizationId = organization(context, input);
    const secret = newSecret();
    const client = context.environment.addClient({ ...details(input), organizationId, secret });
    return { client: clientMessage(client), plain_secret: secret };
  },
  [`${SERVICE}/GetOrganizationClient`]: (context, input) => ({
    client: clientMessage(organizationClient(context, input)),
  }),
  [`${SERVICE}/ListOrganizationClients`]: (context, input) => {
    const id = organization(context, input);
    const all = [...context.environment.clients.values()].filter((client) => client.organizationId === id);
    const { items, paging } = page(all, input);
    return { ...paging, clients: items.map(clientMessage) };
  },
  [`${SERVICE}/UpdateOrganizationClient`]: (context, input) => {
    const before = organizationClient(context, input);
    const { name, scopes, customClaims } = details(input);
    const after = {
      ...before,
      ...(scopes ? { scopes } : {}),
      ...(customClaims ? { customClaims } : {}),
      metadata: { ...before.metadata, ...(name === undefined ? {} : { client_name: name }) },
    };
    return { client: clientMessage(context.environment.putClient(after)) };
  },
  [`${SERVICE}/DeleteOrganizationClient`]: (context, input) => {
    context.environment.remove("clients", organizationClient(context, input).id);
    return {};
  },
  [`${SERVICE}/CreateOrganizationClientSecret`]: (context, input) => {
    const client = organizationClient(context, input);
    const secret = newSecret();
    context.environment.putClient({ ...client, metadata: { ...client.metadata, client_secret: secret } });
    return { plain_secret: secret, secret: secretMessage(secret) };
  },
  [`${SERVICE}/CreateResourceClient`]: (context, input) => {
    const server = text(input, "resource_id") ?? "";
    const redirectUris = texts(input.client, "redirect_uris");
    const secret = newSecret();
    const client = attempt(() =>
      context.environment.addClient({ ...details(input), server, redirectUris, secret }),
    );
    return { client: clientMessage(client), plain_secret: secret };
  },
  [`${SERVICE}/GetResourceClient`]: (context, input) => ({
    client: clientMessage(resourceClient(context, input)),
  }),
  [`${SERVICE}/ListResourceClients`]: (context, input) => {
    const server = text(input, "resource_id");
    const all = [...context.environment.clients.values()].filter((client) => client.serverId === server);
    const dynamic = all.filter((client) => client.source === "dcr").length;
    return {
      clients: all.map(clientMessage),
      total_dcr_clients: dynamic,
      total_static_clients: all.length - dynamic,
    };
  },
  [`${SERVICE}/DeleteResourceClient`]: (context, input) => {
    context.environment.remove("clients", resourceClient(context, input).id);
    return {};
  },
};

function organization({ environment }: Context, input: Message): string {
  const id = text(input, "organization_id") ?? "";
  if (!environment.organizations.has(id)) throw notFound("organization", id);
  return id;
}

function organizationClient(context: Context, input: Message): ClientRecord {
  const id = organization(context, input);
  const client = context.environment.clients.get(text(input, "client_id") ?? "");
  if (client?.organizationId !== id) throw notFound("client", input.client_id);
  return client;
}

function resourceClient({ environment }: Context, input: Message): ClientRecord {
  const client = environment.clients.get(text(input, "client_id") ?? "");
  if (!client || client.serverId !== text(input, "resource_id")) throw notFound("client", input.client_id);
  return client;
}

function details(input: Message): DevClient & { readonly customClaims?: Readonly<Record<string, unknown>> } {
  const client = input.client as Message | undefined;
  const name = text(client, "name");
  const scopes = texts(client, "scopes");
  const claims = ((client?.custom_claims as readonly Message[] | undefined) ?? []).map(
    ({ key, value }) => [String(key), value] as const,
  );
  return {
    ...(name === undefined ? {} : { name }),
    ...(scopes.length === 0 ? {} : { scopes }),
    ...(claims.length === 0 ? {} : { customClaims: Object.fromEntries(claims) }),
  };
}

function clientMessage(client: ClientRecord): Message {
  const { metadata, customClaims } = client;
  return message({
    client_id: client.id,
    name: metadata.client_name,
    organization_id: client.organizationId,
    resource_id: client.serverId,
    scopes: client.scopes ?? [],
    redirect_uris: metadata.redirect_uris ?? [],
    is_dcr: client.source === "dcr",
    custom_claims: Object.entries(customClaims ?? {}).map(([key, value]) => ({ key, value: String(value) })),
    secrets: metadata.client_secret === undefined ? [] : [secretMessage(metadata.client_secret)],
  });
}

export function secretMessage(secret: string): Message {
  return {
    id: `sks_${secret.slice(-8).replaceAll(/[^A-Za-z0-9]/g, "0")}`,
    secret_suffix: secret.slice(-4),
    status: "ACTIVE",
  };
}
