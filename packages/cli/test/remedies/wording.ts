/** What goes on the wire is taken out of a finding's `change` word for word, so that the text itself is on trial. */

/** The value of the header that a change names, to the end of the text or to the next header. */
export function headerIn(change: string, name: string): string {
  const value = new RegExp(`\\b${name}: (.*?)(?: \\(the origins you allow\\))?(?:, [A-Z][\\w-]+: |$)`).exec(
    change,
  )?.[1];
  if (value === undefined) throw new Error(`no ${name} in: ${change}`);
  return value;
}

/** The URLs that a change names. */
export function urlsIn(change: string): readonly string[] {
  return change.match(/https?:\/\/[^\s"(),;]+/g) ?? [];
}

/** The last URL's path: where something is to be served. */
export function pathIn(change: string): string {
  const url = urlsIn(change).at(-1);
  if (url === undefined) throw new Error(`no URL in: ${change}`);
  return new URL(url).pathname;
}

/** The regular expression that a change tells to use. */
export function patternIn(change: string): RegExp {
  const [, source, flags] = /(?<= )\/(\S.*)\/([a-z]*)$/.exec(change) ?? [];
  if (source === undefined) throw new Error(`no regular expression in: ${change}`);
  return new RegExp(source, flags);
}
