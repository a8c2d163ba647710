import type { DocsPage } from "../docs-pages.js";
import { connectionTools } from "./connections.js";
import { docsTools } from "./docs.js";
import { environmentTools } from "./environments.js";
import { loginSettingTools } from "./login-settings.js";
import { machineClientTools } from "./machine-clients.js";
import { mcpRegistrationTools } from "./mcp-registration.js";
import { mcpServerTools } from "./mcp-servers.js";
import { onboardingTools } from "./onboarding.js";
import { organizationTools } from "./organizations.js";
import { roleTools } from "./roles.js";
import { scopeTools } from "./scopes.js";
import type { Tool } from "./tool.js";
import { userTools } from "./users.js";
import { workspaceTools } from "./workspace.js";

/** Every tool there is. One that is not in here is neither registered nor allowed. */
export function allTools(pages: () => readonly DocsPage[]): readonly Tool[] {
  return [
    ...environmentTools,
    ...roleTools,
    ...scopeTools,
    ...loginSettingTools,
    ...workspaceTools,
    ...organizationTools,
    ...onboardingTools,
    ...userTools,
    ...machineClientTools,
    ...connectionTools,
    ...mcpServerTools,
    ...mcpRegistrationTools,
    ...docsTools(pages),
  ];
}
