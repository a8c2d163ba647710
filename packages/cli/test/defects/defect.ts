import { type Behaviour, type Context, unauthorized } from "../servers/model-server.js";

/** What the report must call it, the check that finds it, and the one change that causes it. */
export type Defect = readonly [code: string, check: string, behaviour: Misbehaviour];

export type Misbehaviour = Partial<Behaviour>;

export const withDocument = (change: (context: Context) => Record<string, unknown>): Misbehaviour => ({
  document: change,
});
export const withChallenge = (change: (context: Context) => string | undefined): Misbehaviour => ({
  withoutToken: (_, context) => {
    const challenge = change(context);
    return challenge === undefined ? { status: 401 } : unauthorized(challenge);
  },
});
export const withServer = (authorizationServer: Behaviour["authorizationServer"]): Misbehaviour => ({
  authorizationServer,
});
export const withServerMetadata = (change: (issuer: string) => Record<string, unknown>): Misbehaviour =>
  withServer({ metadata: change });
export const open = {
  status: 200,
  headers: { "content-type": "application/json" },
  body: '{"jsonrpc":"2.0","id":1,"result":{}}',
};
export const metadataUrl = ({ challenge }: Context): string =>
  /resource_metadata="([^"]*)"/.exec(challenge)?.[1] ?? "";
export const echo = (id: number): typeof open => ({
  ...open,
  body: `{"jsonrpc":"2.0","id":${id},"result":{}}`,
});
/** The id that the bypass probes use, so that a handler can be faked without parsing. */
export const bypassId = 902_100_377;
