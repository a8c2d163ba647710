import { readFileSync } from "node:fs";
import { type PolicyOptions, policyMarkdown } from "@mcp-authz/core";

/** One page of this project's guides, as an MCP resource. */
export interface DocsPage {
  /** `docs://…` */
  readonly uri: string;
  readonly title: string;
  /** Markdown. */
  readonly text: string;
}

const guides = [
  "quickstart",
  "scalekit",
  "authorization-servers",
  "scopes",
  "servers-and-tenants",
  "connecting-hosts",
  "production",
  "errors",
] as const;

/** The guides, and before them an index with what each tool needs. Read once, when the server starts. */
export function docsPages(policy: PolicyOptions): readonly DocsPage[] {
  const pages = guides.map((name) => {
    const text = readFileSync(new URL(`../../../docs/${name}.md`, import.meta.url), "utf8");
    return { uri: `docs://${name}`, title: /^# (.+)$/m.exec(text)?.[1] ?? name, text };
  });
  return [{ uri: "docs://index", title: "Index", text: indexText(pages, policy) }, ...pages];
}

function indexText(pages: readonly DocsPage[], policy: PolicyOptions): string {
  const links = pages.map(({ uri, title }) => `- [${title}](${uri})`);
  return ["# Index", ...links, "", "## What each tool needs", "", policyMarkdown(policy)].join("\n");
}
