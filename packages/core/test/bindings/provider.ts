import type { Provider } from "../../src/index.js";

/** Whose every token is that of one reader. */
export const provider: Provider = {
  authorizationServers: ["https://auth.example.com"],
  verifierFor: () => ({
    verify: () => ({
      kind: "accepted",
      token: Object.freeze({
        issuer: "https://auth.example.com",
        subject: "alice",
        kind: "person",
        clientId: "client_1",
        scopes: ["todo:read"],
        expiresAt: Math.floor(Date.now() / 1000) + 600,
        roles: [],
        permissions: [],
        claims: {},
      }),
    }),
  }),
};
