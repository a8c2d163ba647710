import type { Request } from "express";
import type { Mending } from "../servers/mending.js";
import { onAnswer, type Remedies, type Remedy } from "./remedy.js";
import { headerIn, pathIn, patternIn, urlsIn } from "./wording.js";

const metadata = "/.well-known/oauth-protected-resource";
const isMetadata = ({ path }: Request): boolean => path === metadata || path === `${metadata}/mcp`;

/** The 401 to a request without credentials is what the change says. */
const firstChallenge: Remedy = (change) =>
  onAnswer((response, { headers }) => {
    if (response.statusCode === 401 && headers.authorization === undefined)
      response.set("WWW-Authenticate", headerIn(change, "WWW-Authenticate"));
  });

/** The 401 to a request with credentials is what the change says. */
export const laterChallenge: Remedy = (change) =>
  onAnswer((response, { headers }) => {
    if (response.statusCode === 401 && headers.authorization !== undefined)
      response.set("WWW-Authenticate", headerIn(change, "WWW-Authenticate"));
  });

/** What is at the other of the two locations is at this one, too. */
const secondLocation: Remedy = (change) => {
  const path = pathIn(change);
  const other = path === metadata ? `${metadata}/mcp` : metadata;
  return before((request) => {
    if (request.path === path) request.url = other;
  });
};

function before(change: (request: Request) => void): Mending {
  return {
    front: (app) => {
      app.use((request, _response, next) => {
        change(request);
        next();
      });
    },
  };
}

/** Remedies for what is seen without a token, by the finding's code. They fit any Express server. */
export const outsideRemedies = {
  "bad-token-without-error": laterChallenge,
  "challenge-without-scope": firstChallenge,
  "challenge-error-without-token": firstChallenge,
  "challenge-without-realm": firstChallenge,
  "metadata-not-path-aware": secondLocation,
  "metadata-not-at-root": secondLocation,
  "metadata-without-cors": (change) =>
    onAnswer((response, request) => {
      if (isMetadata(request) && request.method !== "OPTIONS")
        response.set("Access-Control-Allow-Origin", headerIn(change, "Access-Control-Allow-Origin"));
    }),
  "metadata-refuses-preflight": (change) => ({
    front: (app) => {
      app.use((request, response, next) => {
        if (!isMetadata(request) || request.method !== "OPTIONS") return next();
        const headers = ["Access-Control-Allow-Origin", "Access-Control-Allow-Headers"];
        for (const name of headers) response.set(name, headerIn(change, name));
        response.status(204).end();
      });
    },
  }),
  // Node sends no body in answer to HEAD, whatever is written.
  "metadata-refuses-head": () =>
    before((request) => {
      if (isMetadata(request) && request.method === "HEAD") request.method = "GET";
    }),
  "origin-not-checked": (change) => ({
    front: (app) => {
      const allowed = urlsIn(change);
      app.use(/^At (\S+),/.exec(change)?.[1] ?? "", ({ headers: { origin } }, response, next) => {
        if (origin === undefined || allowed.includes(origin)) return next();
        response.status(403).end();
      });
    },
  }),
  "host-not-checked": (_change, site) => ({
    front: (app) => {
      const { port } = new URL(site.origin);
      const hosts = ["localhost", "127.0.0.1", "[::1]"].map((host) => `${host}:${port}`);
      app.use((request, response, next) => {
        if (hosts.includes(request.headers.host ?? "")) return next();
        response.status(403).end();
      });
    },
  }),
  "guard-bypassed": () => ({ guardsHandler: true }),
  "preflight-refused": (change) => ({
    front: (app) => {
      app.options("/mcp", (_request, response) => {
        const names = [
          "Access-Control-Allow-Origin",
          "Access-Control-Allow-Methods",
          "Access-Control-Allow-Headers",
        ];
        for (const name of names) response.set(name, headerIn(change, name));
        response.status(204).end();
      });
    },
  }),
  "challenge-not-exposed": (change) => ({
    front: (app) => {
      app.use("/mcp", (_request, response, next) => {
        const names = ["Access-Control-Allow-Origin", "Vary", "Access-Control-Expose-Headers"];
        for (const name of names) response.set(name, headerIn(change, name));
        next();
      });
    },
  }),
  "powered-by": () => ({ front: (app) => void app.disable("x-powered-by") }),
  "scheme-case-sensitive": (change) => ({ bearer: patternIn(change) }),
} satisfies Remedies;
