import { STATUS_CODES } from "node:http";
import type { Exchange } from "./traffic.js";
import { at, claimsOf, receivedJson, sentJson } from "./traffic.js";

/** How an exchange is told, line by line. Secrets are shortened here and nowhere else has to think of it. */
type Wording = (exchange: Exchange) => string[];

export const request: Wording = ({ method, url }) => [`${method} ${url.href}`];

/** An MCP message: where it went, what it asks, and with which token. */
export const mcpRequest: Wording = (exchange) => {
  const json = sentJson(exchange);
  const tool = at(json, "params", "name");
  const call = tool === undefined ? "" : ` ${String(tool)}(${argumentsOf(at(json, "params", "arguments"))})`;
  const authorization = exchange.requestHeaders.get("authorization");
  return [
    `POST ${exchange.url.pathname}  ${String(at(json, "method"))}${call}`,
    authorization === null ? "no Authorization header" : `Authorization: ${shortened(authorization)}`,
  ];
};

/** A refusal: the status, and the challenge with one parameter a line. */
export const challenge: Wording = (exchange) => {
  const header = exchange.responseHeaders.get("www-authenticate");
  const [first = "", ...rest] = (header ?? "(none)").split(/, (?=[a-z_]+=")/);
  const lines = [`WWW-Authenticate: ${first}`, ...rest.map((parameter) => `  ${parameter}`)];
  return [statusLine(exchange), ...lines];
};

/** Some fields of a JSON document. */
export function fields(...wanted: readonly string[]): Wording {
  return (exchange) => [statusLine(exchange), ...lines(receivedJson(exchange), wanted)];
}

/** Some fields of a JSON-RPC result. */
export function result(...wanted: readonly string[]): Wording {
  return (exchange) => [statusLine(exchange), ...lines(at(receivedJson(exchange), "result"), wanted)];
}

export const registration: Wording = (exchange) => [
  `POST ${exchange.url.href}`,
  ...lines(sentJson(exchange), ["client_name", "redirect_uris", "scope"]),
];

export const authorizationRequest: Wording = ({ url }) => [
  `GET ${url.origin}${url.pathname}`,
  ...parameters(url.searchParams, [
    "client_id",
    "scope",
    "resource",
    "code_challenge",
    "code_challenge_method",
  ]),
];

/** A page to look at, or a redirect to one. */
export const page: Wording = (exchange) => [
  statusLine(exchange),
  ...(exchange.responseHeaders.has("location") ? ["to the login page"] : ["the login page"]),
];

export const callback: Wording = (exchange) => {
  const target = new URL(exchange.responseHeaders.get("location") ?? "about:blank");
  return [
    `${statusLine(exchange)} to ${target.origin}${target.pathname}`,
    ...parameters(target.searchParams, ["code", "state", "iss", "error", "error_description"]),
  ];
};

export const tokenRequest: Wording = ({ url, requestBody }) => [
  `POST ${url.href}`,
  ...parameters(new URLSearchParams(requestBody), ["grant_type", "code", "code_verifier", "resource"]),
];

/** The token's claims; the token itself is nobody's business but the server's. */
export const tokenResponse: Wording = (exchange) => {
  const token = String(at(receivedJson(exchange), "access_token"));
  const claims = claimsOf(token);
  return [
    statusLine(exchange),
    `access_token: ${shortened(token)}, good for ${Number(claims.exp) - Number(claims.iat)} seconds, which says`,
    ...lines(claims, ["iss", "aud", "sub", "scope"]).map((line) => `  ${line}`),
  ];
};

export const tools: Wording = (exchange) => {
  const list = at(receivedJson(exchange), "result", "tools");
  const names = Array.isArray(list) ? list.map((tool) => String(at(tool, "name"))) : [];
  return [statusLine(exchange), names.join(", ")];
};

export const toolResult: Wording = (exchange) => [
  statusLine(exchange),
  cut(JSON.stringify(at(receivedJson(exchange), "result", "structuredContent") ?? receivedJson(exchange))),
];

function cut(text: string): string {
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}

function statusLine({ status }: Exchange): string {
  return `${status} ${STATUS_CODES[status] ?? ""}`;
}

function lines(json: unknown, wanted: readonly string[]): string[] {
  return wanted.flatMap((name) => {
    const value = at(json, name);
    return value === undefined
      ? []
      : [`${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`];
  });
}

const secret = new Set(["code", "code_verifier", "code_challenge", "state"]);

function parameters(all: URLSearchParams, wanted: readonly string[]): string[] {
  return wanted.flatMap((name) => {
    const value = all.get(name);
    return value === null ? [] : [`${name}: ${secret.has(name) ? shortened(value) : value}`];
  });
}

function argumentsOf(value: unknown): string {
  const pairs = Object.entries((value ?? {}) as Record<string, unknown>);
  return pairs.map(([name, argument]) => `${name}: ${JSON.stringify(argument)}`).join(", ");
}

function shortened(value: string): string {
  const [scheme, token] = value.includes(" ") ? value.split(" ") : ["", value];
  const text = token ?? "";
  return `${scheme ? `${scheme} ` : ""}${text.length > 16 ? `${text.slice(0, 8)}…${text.slice(-4)}` : text}`;
}
