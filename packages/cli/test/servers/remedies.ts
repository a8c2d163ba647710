import type { Express, Request, Response } from "express";

/** What a reader does to the guide's sample server who follows one finding's `change`. */
export type Remedy = (app: Express, origin: string) => void;

const metadata = "/.well-known/oauth-protected-resource";
const isMetadata = ({ path }: Request): boolean => path === metadata || path === `${metadata}/mcp`;

function beforeHeaders(response: Response, change: () => void): void {
  const writeHead = response.writeHead.bind(response) as (...parameters: unknown[]) => Response;
  response.writeHead = ((...parameters: unknown[]) => {
    change();
    return writeHead(...parameters);
  }) as typeof response.writeHead;
}

function changesChallenge(change: (challenge: string, request: Request) => string): Remedy {
  return (app) => {
    app.use((request, response, next) => {
      beforeHeaders(response, () => {
        const challenge = response.getHeader("WWW-Authenticate");
        if (typeof challenge === "string") response.setHeader("WWW-Authenticate", change(challenge, request));
      });
      next();
    });
  };
}

/** By the code of the finding whose `change` each carries out, word for word where it is words that go on the wire. */
export const remedies: Readonly<Record<string, Remedy>> = {
  "bad-token-without-error": changesChallenge((challenge, { headers }) =>
    headers.authorization === undefined
      ? challenge
      : `${challenge}, error="invalid_token", error_description="The access token is invalid or expired"`,
  ),
  "challenge-without-scope": changesChallenge((challenge) => `${challenge}, scope="todo:read todo:write"`),
  "metadata-not-path-aware": (app) => {
    app.use((request, _response, next) => {
      if (request.path === `${metadata}/mcp`) request.url = metadata;
      next();
    });
  },
  "metadata-without-cors": (app) => {
    app.use((request, response, next) => {
      if (isMetadata(request) && request.method !== "OPTIONS")
        response.set("Access-Control-Allow-Origin", "*");
      next();
    });
  },
  "metadata-refuses-preflight": (app) => {
    app.use((request, response, next) => {
      if (!isMetadata(request) || request.method !== "OPTIONS") return next();
      response.status(204).set("Access-Control-Allow-Origin", "*").end();
    });
  },
  "origin-not-checked": (app, origin) => {
    app.use((request, response, next) => {
      const { origin: from } = request.headers;
      if (isMetadata(request) || from === undefined || from === origin) return next();
      response.status(403).end();
    });
  },
  "host-not-checked": (app, origin) => {
    app.use((request, response, next) => {
      if (request.headers.host === new URL(origin).host) return next();
      response.status(403).end();
    });
  },
  "guard-bypassed": (app, origin) => {
    app.use((request, response, next) => {
      if (!request.path.includes(".well-known") || isMetadata(request)) return next();
      response
        .status(401)
        .set("WWW-Authenticate", `Bearer realm="OAuth", resource_metadata="${origin}${metadata}"`)
        .end();
    });
  },
  "preflight-refused": (app, origin) => {
    app.options("/mcp", (_request, response) => {
      response
        .status(204)
        .set({
          "Access-Control-Allow-Origin": origin,
          "Access-Control-Allow-Methods": "POST, GET, DELETE, OPTIONS",
          "Access-Control-Allow-Headers":
            "Authorization, Content-Type, Accept, MCP-Protocol-Version, Mcp-Method, Mcp-Name, Mcp-Session-Id, Last-Event-ID",
        })
        .end();
    });
  },
  "challenge-not-exposed": (app, origin) => {
    app.use((request, response, next) => {
      if (request.method !== "OPTIONS" && !isMetadata(request)) {
        response.set({
          "Access-Control-Allow-Origin": origin,
          "Access-Control-Expose-Headers": "WWW-Authenticate, MCP-Protocol-Version, Mcp-Session-Id",
        });
      }
      next();
    });
  },
  "powered-by": (app) => {
    app.disable("x-powered-by");
  },
};
