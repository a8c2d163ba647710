import { createPublicKey, verify } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { mcpAuthz } from "@mcp-authz/core/node";
import { joseVerifier } from "../peers/jose.js";
import { answerTo, ourOptions, type Variants } from "./variant.js";

type Handler = (request: IncomingMessage, response: ServerResponse) => unknown;

async function jsonOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString());
}

function answer(response: ServerResponse, body: unknown): void {
  const json = JSON.stringify(answerTo(body));
  response.writeHead(200, { "content-type": "application/json", "content-length": json.length }).end(json);
}

const open: Handler = async (request, response) => answer(response, await jsonOf(request));

/** Plain `node:http` has no middleware; a function of Connect's shape in between is what comes closest. */
function noOp(_request: IncomingMessage, _response: ServerResponse, next: () => unknown): unknown {
  return next();
}

export const variants: Variants = {
  unprotected: () => createServer(open),
  "no-op": () => createServer((request, response) => noOp(request, response, () => open(request, response))),
  ours: (facts) => {
    const guard = mcpAuthz(ourOptions(facts));
    return createServer((request, response) =>
      guard(request, response, () => answer(response, (request as { body?: unknown }).body)),
    );
  },
  "one raw signature check": ({ pem }) => {
    const key = createPublicKey(pem);
    return createServer((request, response) => {
      const token = (request.headers.authorization ?? "").slice("Bearer ".length);
      const end = token.lastIndexOf(".");
      const signed = Buffer.from(token.slice(0, end), "latin1");
      const isGenuine = verify("sha256", signed, key, Buffer.from(token.slice(end + 1), "base64url"));
      return isGenuine ? open(request, response) : response.writeHead(401).end();
    });
  },
  jose: (facts) => {
    const verifyJwt = joseVerifier(facts);
    return createServer(async (request, response) => {
      try {
        await verifyJwt((request.headers.authorization ?? "").slice("Bearer ".length));
      } catch {
        return response.writeHead(401).end();
      }
      return open(request, response);
    });
  },
};
