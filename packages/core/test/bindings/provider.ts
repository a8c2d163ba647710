import type { Provider } from "../../src/index.js";

/** Whose every token is that of the reader whose name it is. */
export const provider: Provider = {
  authorizationServers: ["https://auth.example.com"],
  verifierFor: () => ({
    verify: (subject) => ({
      kind: "accepted",
      token: Object.freeze({
        issuer: "https://auth.example.com",
        subject,
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
