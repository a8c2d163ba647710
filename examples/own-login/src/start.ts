import { type Listening, listen } from "@mcp-authz/example-stage";
import { scalekit } from "@mcp-authz/scalekit";
import { ScalekitClient } from "@scalekit-sdk/node";
import { createApplication } from "./application.js";
import type { Environment } from "./environment.js";
import { LoginReports } from "./login-request.js";

/** The application on a port of this machine, for an environment that knows its login page. */
export function start(url: string, port: number, environment: Environment): Promise<Listening> {
  const { environmentUrl, resourceId, clientId, clientSecret, connectionId } = environment;
  const sdk = new ScalekitClient(environmentUrl, clientId, clientSecret);
  const reports = new LoginReports(sdk, environmentUrl, connectionId);
  return listen(createApplication(url, scalekit({ environmentUrl, resourceId }), reports), port);
}
