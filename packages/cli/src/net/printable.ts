// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const ansi = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g;
// C0, DEL, C1, bidirectional overrides and zero-width characters: all can make a terminal show something else.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const unprintable = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/**
 * Remote text made fit for a terminal or a report: escape sequences and control characters are removed, and
 * what is longer than `limit` characters is cut.
 */
export function printable(text: string, limit = 300): string {
  const clean = text.replace(ansi, "").replace(unprintable, " ").trim();
  return clean.length > limit ? `${clean.slice(0, limit)}…` : clean;
}
