import * as z from "zod";
import type { Management } from "./management.js";

/** Where a client of the environment may send people. */
export interface ClientSettings {
  readonly redirect_uris: string[];
  readonly post_logout_redirect_uris: string[];
  readonly initiate_login_uri?: string | undefined;
}

/** The API's name of each setting: in messages, and in the mask that says which ones are meant, the empty ones too. */
const fields = {
  redirect_uris: ["post_login_uris", "postLoginUris"],
  post_logout_redirect_uris: ["post_logout_redirect_uris", "postLogoutRedirectUris"],
  initiate_login_uri: ["initiate_login_uri", "initiateLoginUri"],
} as const;

const answer = z.object({
  client: z.object({
    post_login_uris: z.array(z.string()).default([]),
    post_logout_redirect_uris: z.array(z.string()).default([]),
    initiate_login_uri: z.string().optional(),
  }),
});

export async function readClientSettings(management: Management, clientId: string): Promise<ClientSettings> {
  const path = `clients/${encodeURIComponent(clientId)}`;
  const { client } = await management.rest(answer, { method: "GET", path });
  return {
    redirect_uris: client.post_login_uris,
    post_logout_redirect_uris: client.post_logout_redirect_uris,
    ...(client.initiate_login_uri ? { initiate_login_uri: client.initiate_login_uri } : {}),
  };
}

/** Sets one setting and leaves the others as they are. */
export async function writeClientSetting<Name extends keyof ClientSettings>(
  management: Management,
  clientId: string,
  name: Name,
  value: ClientSettings[Name],
): Promise<void> {
  const [field, mask] = fields[name];
  await management.rest(answer, {
    method: "PATCH",
    path: `clients/${encodeURIComponent(clientId)}`,
    query: { mask },
    body: { [field]: value ?? "" },
  });
}
