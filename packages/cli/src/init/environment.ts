/** What the app reads at its start, with values that work on this machine or are to be filled in. */
export function environmentLines(url: string): readonly (readonly [name: string, value: string])[] {
  return [
    ["MCP_URL", url],
    ["SCALEKIT_ENVIRONMENT_URL", ""],
    ["SCALEKIT_RESOURCE_ID", ""],
  ];
}

/** The file with what it lacks added at its end; nothing that is there is changed. */
export function withMissing(text: string, lines: readonly (readonly [string, string])[]): string {
  const present = new Set([...text.matchAll(/^\s*(?:export\s+)?(\w+)\s*=/gm)].map((match) => match[1]));
  const missing = lines.filter(([name]) => !present.has(name)).map(([name, value]) => `${name}=${value}\n`);
  if (missing.length === 0) return text;
  return `${text}${text === "" || text.endsWith("\n") ? "" : "\n"}${missing.join("")}`;
}
