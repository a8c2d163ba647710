import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/**
 * Ways in which an issuer can be out of order:
 *
 * - `refuse`: nothing listens, connections are refused
 * - `500`: every request is answered with status 500
 * - `html`: status 200 with a web page, as a captive portal or a load balancer would
 * - `empty`: status 200 with `{}`
 * - `malformed`: status 200 with half a JSON document
 * - `slow`: the connection is taken and no answer comes
 * - `redirect`: a redirect to another origin, where a key set of somebody else is
 * - `huge`: status 200 and a JSON document that does not end
 */
export type Outage = "refuse" | "500" | "html" | "empty" | "malformed" | "slow" | "redirect" | "huge";

/** How often each endpoint was asked since the start or since `reset`. */
export interface Fetches {
  /** The key set, counted in an outage too, unless connections are refused. */
  keys: number;
  /** RFC 8414 or OpenID Connect metadata. */
  metadata: number;
  /** Token introspection (RFC 7662). */
  introspection: number;
  /** Places that only a wrong token points to (`jku`, `x5u`), or that only a redirect leads to: must stay at 0. */
  forbidden: number;
}

/** What an endpoint answers: JSON, or a status of its own. */
export type Endpoint = (request: IncomingMessage, body: string) => { status?: number; json: unknown };

/** The HTTP side of a token mint, on a loopback port. */
export class KeyServer {
  readonly fetches: Fetches = { keys: 0, metadata: 0, introspection: 0, forbidden: 0 };
  private readonly endpoints = new Map<string, readonly [keyof Fetches, Endpoint]>();
  private readonly server: Server = createServer((request, response) => void this.serve(request, response));
  private out: Outage | undefined;
  private port = 0;

  /** Starts to listen; also after `refuse`, on the same port. */
  async listen(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.server.once("error", reject);
      this.server.listen(this.port, "127.0.0.1", () => {
        this.server.off("error", reject);
        resolve();
      });
    });
    this.port = (this.server.address() as AddressInfo).port;
    this.server.unref();
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  on(path: string, counter: keyof Fetches, endpoint: Endpoint): void {
    this.endpoints.set(path, [counter, endpoint]);
  }

  async outage(kind: Outage): Promise<void> {
    await this.restore();
    this.out = kind;
    if (kind === "refuse") await this.close();
  }

  async restore(): Promise<void> {
    this.out = undefined;
    if (!this.server.listening) await this.listen();
  }

  reset(): void {
    Object.assign(this.fetches, { keys: 0, metadata: 0, introspection: 0, forbidden: 0 });
  }

  async close(): Promise<void> {
    if (!this.server.listening) return;
    await new Promise<void>((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = "";
    for await (const chunk of request.setEncoding("utf8")) body += chunk;
    const path = (request.url ?? "/").split("?")[0] as string;
    const [counter, endpoint] = this.endpoints.get(path) ?? [];
    if (counter === undefined || endpoint === undefined) {
      response.writeHead(404).end();
      return;
    }
    this.fetches[counter] += 1;
    if (this.out !== undefined && counter !== "forbidden") {
      this.fail(this.out, response);
      return;
    }
    const { status = 200, json } = endpoint(request, body);
    response.writeHead(status, { "content-type": "application/json", "cache-control": "max-age=300" });
    response.end(JSON.stringify(json));
  }

  private fail(kind: Outage, response: ServerResponse): void {
    const json = { "content-type": "application/json" };
    switch (kind) {
      case "500":
        response.writeHead(500).end();
        return;
      case "html":
        response
          .writeHead(200, { "content-type": "text/html" })
          .end("<!doctype html><title>Log in to the Wi-Fi</title>");
        return;
      case "empty":
        response.writeHead(200, json).end("{}");
        return;
      case "malformed":
        response.writeHead(200, json).end('{"keys":[{"kty":"RSA",');
        return;
      case "redirect":
        response.writeHead(302, { location: `http://localhost:${this.port}/forbidden/keys` }).end();
        return;
      case "huge":
        response.writeHead(200, json).write('{"keys":[');
        pour(response);
        return;
      case "slow":
      case "refuse":
        return;
    }
  }
}

/** Writes for as long as somebody reads. */
function pour(response: ServerResponse): void {
  const chunk = `${JSON.stringify({ kty: "RSA", kid: "x".repeat(60_000) })},`;
  const write = (): void => {
    while (!response.destroyed && response.write(chunk));
  };
  response.on("drain", write);
  write();
}
