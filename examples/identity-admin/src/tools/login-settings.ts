import * as z from "zod";
import {
  type ClientSettings,
  readClientSettings,
  writeClientSetting,
} from "../management/client-settings.js";
import { runOperation } from "../operation.js";
import { sliced } from "../pagination.js";
import { ToolError } from "../tool-error.js";
import { clientId, url } from "./arguments.js";
import { listTool } from "./list.js";
import { type Effect, type Tool, type ToolContext, tool } from "./tool.js";

const client_id = clientId
  .optional()
  .describe("From list_environment_credentials. Default: the server's own client");
const settings = z.object({
  client_id: z.string(),
  redirect_uris: z.array(z.string()),
  post_logout_redirect_uris: z.array(z.string()),
  initiate_login_uri: z.string().optional(),
});
type Change = (before: ClientSettings) => ClientSettings;

/** Reads, changes and writes one setting back, with nobody in between, and looks whether it stayed. */
async function change(
  { management, exclusive, ...progress }: ToolContext,
  id: string,
  name: keyof ClientSettings,
  apply: Change,
): Promise<z.output<typeof settings>> {
  const after = await exclusive.run(id, () =>
    runOperation({ ...progress, total: 3 }, async (step) => {
      const before = await step("Read the client", () => readClientSettings(management, id));
      const wanted = apply(before);
      if (same(before[name], wanted[name])) return before;
      await step(
        "Write it back",
        () => writeClientSetting(management, id, name, wanted[name]),
        () => writeClientSetting(management, id, name, before[name]),
      );
      return step("Look whether it stayed", async () => {
        const found = await readClientSettings(management, id);
        if (same(found[name], wanted[name])) return found;
        throw new ToolError("Somebody else changed it at the same time. Try again.");
      });
    }),
  );
  return { client_id: id, ...after };
}

function same(one: ClientSettings[keyof ClientSettings], other: typeof one): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

interface UriTool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly effect: Effect;
  readonly setting: keyof ClientSettings;
  apply(before: ClientSettings, uri: string): ClientSettings;
}

const uriTools: readonly UriTool[] = [
  {
    name: "add_redirect_uri",
    title: "Add a redirect URI",
    description: "Lets the client send people back to one more URI after they logged in.",
    effect: "adds",
    setting: "redirect_uris",
    apply: (before, uri) => ({ ...before, redirect_uris: [...new Set([...before.redirect_uris, uri])] }),
  },
  {
    name: "remove_redirect_uri",
    title: "Remove a redirect URI",
    description: "People can no longer be sent back to this URI.",
    effect: "removes",
    setting: "redirect_uris",
    apply: (before, uri) => ({ ...before, redirect_uris: before.redirect_uris.filter((one) => one !== uri) }),
  },
  {
    name: "add_post_logout_redirect_uri",
    title: "Add a post-logout redirect URI",
    description: "Lets the client send people to one more URI after they logged out.",
    effect: "adds",
    setting: "post_logout_redirect_uris",
    apply: (before, uri) => ({
      ...before,
      post_logout_redirect_uris: [...new Set([...before.post_logout_redirect_uris, uri])],
    }),
  },
  {
    name: "remove_post_logout_redirect_uri",
    title: "Remove a post-logout redirect URI",
    description: "People can no longer be sent to this URI after they logged out.",
    effect: "removes",
    setting: "post_logout_redirect_uris",
    apply: (before, uri) => ({
      ...before,
      post_logout_redirect_uris: before.post_logout_redirect_uris.filter((one) => one !== uri),
    }),
  },
  {
    name: "set_initiate_login_uri",
    title: "Set the initiate-login URI",
    description: "Where a login begins that somebody else starts, such as an identity provider's portal.",
    effect: "changes",
    setting: "initiate_login_uri",
    apply: (before, uri) => ({ ...before, initiate_login_uri: uri }),
  },
];

export const loginSettingTools: readonly Tool[] = [
  ...(["redirect_uris", "post_logout_redirect_uris"] as const).map((name) =>
    listTool({
      name: `list_${name}`,
      title: name === "redirect_uris" ? "List redirect URIs" : "List post-logout redirect URIs",
      description: "Where the client may send people.",
      needs: "env:read",
      filter: { client_id },
      item: z.object({ uri: z.string() }),
      fetch: (management, filter) =>
        sliced(
          async () =>
            (await readClientSettings(management, filter.client_id ?? management.clientId))[name].map(
              (uri) => ({ uri }),
            ),
          ({ uri }) => uri,
        ),
    }),
  ),
  ...uriTools.map(({ setting, apply, ...definition }) =>
    tool({
      ...definition,
      needs: "env:write",
      input: z.object({ client_id, uri: url }),
      output: settings,
      run: ({ client_id: id, uri }, context) =>
        change(context, id ?? context.management.clientId, setting, (before) => apply(before, uri)),
    }),
  ),
  tool({
    name: "remove_initiate_login_uri",
    title: "Remove the initiate-login URI",
    description: "Nobody else can start a login any more.",
    needs: "env:write",
    effect: "removes",
    input: z.object({ client_id }),
    output: settings,
    run: ({ client_id: id }, context) =>
      change(
        context,
        id ?? context.management.clientId,
        "initiate_login_uri",
        ({ initiate_login_uri: _gone, ...kept }) => kept,
      ),
  }),
];
