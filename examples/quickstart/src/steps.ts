import type { Step } from "./story.js";
import type { Exchange, Json } from "./traffic.js";
import { at, claimsOf, receivedJson, sentJson } from "./traffic.js";
import * as show from "./wording.js";

/** What the steps are measured against. None of it was computed by the server under observation. */
export interface Stage {
  /** Public URL of the MCP endpoint. */
  url: string;
  /** Where its metadata is (RFC 9728 §3.1). */
  metadataUrl: string;
  /** The Scalekit environment, played by the dev server. */
  environmentUrl: string;
  resourceId: string;
  /** The message that a client of this era opens with. */
  opening: "server/discover" | "initialize";
}

const readScope = "todo:read";
const bothScopes = "todo:read todo:write";
const toolNames = "create_todo, delete_todo, get_todo, list_todos, update_todo";

/** From a URL and no token to a todo, in the order in which it must happen. */
export function stepsOn(stage: Stage): readonly Step[] {
  return [...loginSteps(stage), ...callSteps(stage), ...stepUpSteps(stage)];
}

/**
 * What happens beside the story: notifications, a try for a server-to-client stream, discovery once more, and the
 * pages between the first and the last one of a login.
 */
export function isBookkeeping(stage: Stage): (exchange: Exchange) => boolean {
  return ({ method, url, status, requestBody }) => {
    if (method === "GET" && url.href === stage.url) return status === 405;
    if (method === "GET" && url.pathname.startsWith("/.well-known/")) return status === 200;
    if (url.href === stage.url) return status === 202 && requestBody.includes('"notifications/');
    return url.origin === stage.environmentUrl && status < 400;
  };
}

function loginSteps(stage: Stage): Step[] {
  return [
    {
      title: "The client knows the URL, and nothing else",
      why: "No token came, so the server names the document that says how to get one, and the scope to begin with.",
      is: message(stage, stage.opening),
      sent: show.mcpRequest,
      received: show.challenge,
      faults: (exchange) => [
        ...must(exchange.status === 401, `The status must be 401 and was ${exchange.status}.`),
        ...mustBe(
          "The challenge",
          exchange.responseHeaders.get("www-authenticate"),
          `Bearer realm="OAuth", resource_metadata="${stage.metadataUrl}", scope="${readScope}"`,
        ),
      ],
    },
    {
      title: "It reads the protected resource metadata",
      why: "RFC 9728: which authorization server to trust for this server, and the exact name to ask a token for.",
      is: ({ url }) => url.href === stage.metadataUrl,
      sent: show.request,
      received: show.fields("resource", "authorization_servers", "scopes_supported"),
      faults: (exchange) => [
        ...mustBe("The resource", at(receivedJson(exchange), "resource"), stage.url),
        ...mustBe(
          "The first authorization server",
          at(receivedJson(exchange), "authorization_servers", 0),
          `${stage.environmentUrl}/resources/${stage.resourceId}`,
        ),
        ...mustBe("The scopes", sorted(at(receivedJson(exchange), "scopes_supported")), readScope),
      ],
    },
    {
      title: "It reads the authorization server's metadata",
      why: "RFC 8414: where to register, to log in and to fetch tokens. The issuer must be the one that it was sent to.",
      is: ({ url }) =>
        url.href ===
        `${stage.environmentUrl}/.well-known/oauth-authorization-server/resources/${stage.resourceId}`,
      sent: show.request,
      received: show.fields("issuer", "authorization_endpoint", "token_endpoint", "registration_endpoint"),
      faults: (exchange) => [
        ...mustBe(
          "The issuer",
          at(receivedJson(exchange), "issuer"),
          `${stage.environmentUrl}/resources/${stage.resourceId}`,
        ),
        ...mustBe(
          "The PKCE method",
          sorted(at(receivedJson(exchange), "code_challenge_methods_supported")),
          "S256",
        ),
      ],
    },
    {
      title: "It registers itself",
      why: "RFC 7591: no human typed in a client id. Nothing is secret here: PKCE will protect the login.",
      is: ({ method, requestBody }) => method === "POST" && requestBody.includes('"redirect_uris"'),
      sent: show.registration,
      received: show.fields("client_id"),
      faults: (exchange) => [
        ...must(exchange.status === 201, `The status must be 201 and was ${exchange.status}.`),
        ...must(typeof at(receivedJson(exchange), "client_id") === "string", "There must be a client_id."),
      ],
    },
    ...login(stage, readScope, "The browser opens, and you log in"),
    token(stage, readScope, "It trades the code for a token"),
    {
      title: "It knocks again, with the token",
      why: "The token was checked first: signature, issuer, audience, expiry. Only then was the message read, and its scope.",
      is: message(stage, stage.opening),
      sent: show.mcpRequest,
      received: show.result("serverInfo", "supportedVersions", "protocolVersion"),
      faults: succeeded,
    },
  ];
}

function callSteps(stage: Stage): Step[] {
  return [
    {
      title: "It lists the tools",
      why: "Listing takes a login and no more: a client has to see a tool to know that it is worth stepping up for.",
      is: message(stage, "tools/list"),
      sent: show.mcpRequest,
      received: show.tools,
      faults: (exchange) => [
        ...succeeded(exchange),
        ...mustBe("The tools", sorted(names(receivedJson(exchange))), toolNames),
      ],
    },
    {
      title: "It reads your todos: list_todos takes todo:read",
      why: "The token has todo:read, so the call goes through. Whose todos these are comes from the token too.",
      is: message(stage, "tools/call", "list_todos"),
      sent: show.mcpRequest,
      received: show.toolResult,
      faults: (exchange) => [
        ...succeeded(exchange),
        ...must(Array.isArray(at(structured(exchange), "todos")), "There must be a list of todos."),
      ],
    },
  ];
}

function stepUpSteps(stage: Stage): Step[] {
  return [
    {
      title: "It tries to write: create_todo takes todo:write",
      why: "The token is good and not enough. The challenge lists every scope that the next token needs.",
      is: message(stage, "tools/call", "create_todo"),
      sent: show.mcpRequest,
      received: show.challenge,
      faults: (exchange) => [
        ...must(exchange.status === 403, `The status must be 403 and was ${exchange.status}.`),
        ...mustBe(
          "The challenge",
          exchange.responseHeaders.get("www-authenticate"),
          `Bearer realm="OAuth", resource_metadata="${stage.metadataUrl}", scope="${bothScopes}", ` +
            'error="insufficient_scope", error_description="More permissions are needed"',
        ),
      ],
    },
    ...login(stage, bothScopes, "Step-up: the browser opens again, for both scopes"),
    token(stage, bothScopes, "It trades the code for a wider token"),
    {
      title: "The same call again, and it succeeds",
      why: "Nothing was lost: the client repeats the call that was refused, with a token that suffices.",
      is: message(stage, "tools/call", "create_todo"),
      sent: show.mcpRequest,
      received: show.toolResult,
      faults: (exchange) => [
        ...succeeded(exchange),
        ...must(typeof at(structured(exchange), "todo", "id") === "string", "The new todo must have an id."),
      ],
    },
    {
      title: "The todo is there",
      why: "todo:write implies todo:read on this server, and the new token has both.",
      is: message(stage, "tools/call", "list_todos"),
      sent: show.mcpRequest,
      received: show.toolResult,
      faults: (exchange) => [
        ...succeeded(exchange),
        ...must(at(structured(exchange), "todos", 0) !== undefined, "The list must have a todo in it."),
      ],
    },
  ];
}

/** The browser's part, between the client and the person. */
function login(stage: Stage, scope: string, title: string): Step[] {
  return [
    {
      title,
      why: "PKCE (RFC 7636): only a hash of the verifier goes through the browser. The resource says what for.",
      is: ({ url }) => url.searchParams.has("code_challenge"),
      sent: show.authorizationRequest,
      received: show.page,
      faults: ({ url }) => [
        ...mustBe("The PKCE method", url.searchParams.get("code_challenge_method"), "S256"),
        ...mustBe("The resource asked for", url.searchParams.get("resource"), stage.url),
        ...mustBe("The scope asked for", ofThisServer(url.searchParams.get("scope")), scope),
        ...must(Boolean(url.searchParams.get("state")), "There must be a state."),
      ],
    },
    {
      title: "You consent, and the browser goes back with a code",
      why: "state belongs to the request (RFC 6749 §10.12); iss says which server answers it (RFC 9207).",
      is: (exchange) => redirectOf(exchange)?.searchParams.has("state") ?? false,
      sent: show.request,
      received: show.callback,
      faults: (exchange) => {
        const callback = redirectOf(exchange)?.searchParams;
        return [
          ...must(callback?.has("code") ?? false, `There must be a code; there was ${callback}.`),
          ...mustBe("The iss", callback?.get("iss"), `${stage.environmentUrl}/resources/${stage.resourceId}`),
        ];
      },
    },
  ];
}

/** Where an answer sends the browser, when that is back to the client. */
function redirectOf({ url, responseHeaders }: Exchange): URL | undefined {
  const location = responseHeaders.get("location");
  const target = location === null ? undefined : new URL(location, url);
  return target?.origin === url.origin ? undefined : target;
}

function token(stage: Stage, scope: string, title: string): Step {
  return {
    title,
    why: "The verifier proves that whoever asks is whoever began; the token is for this one server (RFC 8707).",
    is: ({ requestBody }) => requestBody.includes("grant_type="),
    sent: show.tokenRequest,
    received: show.tokenResponse,
    faults: (exchange) => {
      const claims = claimsOf(String(at(receivedJson(exchange), "access_token")));
      const audience = [claims.aud].flat();
      const resource = new URLSearchParams(exchange.requestBody).get("resource");
      return [
        ...must(exchange.status === 200, `The status must be 200 and was ${exchange.status}.`),
        ...mustBe("The resource asked for", resource, stage.url),
        ...must(audience.includes(stage.resourceId), `The audience must have ${stage.resourceId} in it.`),
        ...mustBe("The scope of the token", ofThisServer(String(claims.scope)), scope),
      ];
    },
  };
}

function message(stage: Stage, method: string, tool?: string): (exchange: Exchange) => boolean {
  return (exchange) => {
    if (exchange.method !== "POST" || exchange.url.href !== stage.url) return false;
    const json = sentJson(exchange);
    return at(json, "method") === method && (tool === undefined || at(json, "params", "name") === tool);
  };
}

function succeeded(exchange: Exchange): string[] {
  const json = receivedJson(exchange);
  return [
    ...must(exchange.status === 200, `The status must be 200 and was ${exchange.status}.`),
    ...must(
      at(json, "result") !== undefined,
      `There must be a result; there was ${exchange.responseBody.slice(0, 300)}.`,
    ),
    ...must(at(json, "result", "isError") !== true, "The tool must not report an error."),
  ];
}

function structured(exchange: Exchange): unknown {
  return at(receivedJson(exchange), "result", "structuredContent");
}

function names(json: Json | undefined): unknown {
  const tools = at(json, "result", "tools");
  return Array.isArray(tools) ? tools.map((tool) => at(tool, "name")) : undefined;
}

/** The scopes of this server; what OpenID Connect and refreshing add is the client's affair. */
function ofThisServer(scope: string | null): string {
  return (scope ?? "")
    .split(" ")
    .filter((one) => one.startsWith("todo:"))
    .sort()
    .join(" ");
}

function sorted(list: unknown): string {
  return Array.isArray(list) ? [...list].sort().join(", ") : String(list);
}

function must(condition: boolean, sentence: string): string[] {
  return condition ? [] : [sentence];
}

function mustBe(what: string, received: unknown, expected: unknown): string[] {
  return must(received === expected, `${what} must be ${String(expected)} and was ${String(received)}.`);
}
