import type { Environment } from "../environment.js";
import type { Answer } from "../http.js";
import { resourceMetadata } from "../metadata.js";
import { html, pageAnswer } from "./layout.js";
import { BANNER } from "./style.js";

/** `/`: what is registered here, and what to copy into one's own server. */
export function homePage(environment: Environment): Answer {
  const servers = [...environment.servers.values()].map((server) => {
    const metadata = JSON.stringify(resourceMetadata(environment, server), null, 2);
    const variables = `SCALEKIT_ENVIRONMENT_URL=${environment.url}\nSCALEKIT_RESOURCE_ID=${server.id}`;
    return `<section class="card"><h1>${html(server.name)}</h1><p class="soft"><code>${html(server.url ?? "")}</code></p>
<h2>Environment variables</h2><pre><code>${html(variables)}</code></pre>
<h2>Metadata JSON</h2><pre><code>${html(metadata)}</code></pre></section>`;
  });
  const none = '<section class="card"><h1>No MCP server is registered yet</h1></section>';
  const body = `${BANNER}<main class="narrow">${servers.join("") || none}</main>`;
  return pageAnswer({ title: "Development authorization server", body });
}
