import { PassThrough } from "node:stream";
import { createDevServer, type DevServer } from "@mcp-authz/dev-server";
import { freePort, type Listening, listen } from "@mcp-authz/example-stage";
import { scalekit } from "@mcp-authz/scalekit";
import { createApplication } from "../src/application.js";
import { configOf } from "../src/config.js";
import { createLogger } from "../src/logging.js";

export interface Greeting extends Listening {
  readonly url: string;
  readonly dev: DevServer;
  /** Every line that was logged, as text. */
  readonly log: readonly string[];
}

/** The greeting server and its authorization server, on sockets of their own. */
export async function startGreeting(
  variables: Record<string, string> = {},
  before: (dev: DevServer) => void = () => {},
): Promise<Greeting> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/mcp`;
  const dev = await createDevServer({
    servers: [{ id: "res_greeting", name: "Greeting", url, scopes: ["usr:read"] }],
    clients: [{ id: "m2m_other", secret: "secret", server: "res_greeting" }],
    banner: false,
  });
  before(dev);
  const log: string[] = [];
  const lines = new PassThrough().on("data", (line: Buffer) => log.push(line.toString()));
  const config = configOf({ MCP_URL: url, LOG_LEVEL: "debug", ...variables });
  const provider = scalekit({ environmentUrl: dev.url, resourceId: "res_greeting" });
  const application = createApplication(config, provider, createLogger(config.logLevel, lines));
  const listening = await listen(application.app, port);
  const close = async () => {
    await application.close();
    await listening.close();
    await dev.close();
  };
  return { ...listening, url, dev, log, close };
}
