import type { DocsPage } from "./docs-pages.js";

export interface Finding {
  readonly uri: string;
  readonly title: string;
  readonly heading: string;
  readonly excerpt: string;
}

/** The sections of the guides that a question's words occur in, those with the most of them first. */
export function searchDocs(pages: readonly DocsPage[], query: string, limit: number): Finding[] {
  const words = [...new Set(query.toLowerCase().match(/[\p{L}\p{N}_:-]{2,}/gu) ?? [])];
  return pages
    .flatMap(sectionsOf)
    .map((finding) => ({ finding, score: scoreOf(finding, words) }))
    .filter(({ score }) => score > 0)
    .toSorted((one, other) => other.score - one.score)
    .slice(0, limit)
    .map(({ finding }) => ({ ...finding, excerpt: finding.excerpt.slice(0, 600) }));
}

function sectionsOf({ uri, title, text }: DocsPage): Finding[] {
  return text.split(/^(?=#{1,3} )/m).map((section) => {
    const [first = "", ...rest] = section.split("\n");
    return { uri, title, heading: first.replace(/^#+ /, ""), excerpt: rest.join("\n").trim() };
  });
}

/** Which words occur counts more than how often; a heading counts more than text. */
function scoreOf({ heading, excerpt }: Finding, words: readonly string[]): number {
  const [title, text] = [heading.toLowerCase(), excerpt.toLowerCase()];
  return words.reduce((score, word) => {
    const often = Math.min(text.split(word).length - 1, 5);
    return score + (title.includes(word) ? 20 : 0) + (often > 0 ? 10 + often : 0);
  }, 0);
}
