import * as z from "zod";
import type { DocsPage } from "../docs-pages.js";
import { searchDocs } from "../docs-search.js";
import { type Tool, tool } from "./tool.js";

const finding = z.object({ uri: z.string(), title: z.string(), heading: z.string(), excerpt: z.string() });

export function docsTools(pages: () => readonly DocsPage[]): readonly Tool[] {
  return [
    tool({
      name: "search_docs",
      title: "Search the guides",
      description: "Finds the sections of the docs:// resources that are about something.",
      effect: "reads",
      input: z.object({
        query: z.string().trim().min(2).max(200),
        limit: z.int().min(1).max(20).default(5),
      }),
      output: z.object({ findings: z.array(finding) }),
      run: async ({ query, limit }) => ({ findings: searchDocs(pages(), query, limit) }),
    }),
  ];
}
