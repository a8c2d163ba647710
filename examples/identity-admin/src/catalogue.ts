import type { PolicyOptions } from "@mcp-authz/core";
import { type DocsPage, docsPages } from "./docs-pages.js";
import { allTools } from "./tools/index.js";
import type { Tool } from "./tools/tool.js";

/** What the server offers, and who may use it. */
export interface Catalogue {
  readonly tools: readonly Tool[];
  readonly pages: readonly DocsPage[];
  readonly policy: PolicyOptions;
}

/** Each tool brings its rule along; the policy is nothing but all of them. The guides are for everybody who logged in. */
export function createCatalogue(): Catalogue {
  const tools = allTools(() => pages);
  const policy: PolicyOptions = {
    baseline: "env:read",
    tools: Object.fromEntries(tools.map(({ name, rule }) => [name, rule])),
    resources: { "docs://{page}": [] },
  };
  const pages = docsPages(policy);
  return { tools, pages, policy };
}
