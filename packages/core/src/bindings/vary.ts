export function isVary(name: string): boolean {
  return name.length === "vary".length && name.toLowerCase() === "vary";
}

/** The value to set: `Vary` with one more name (RFC 9110 §12.5.5), any other header as it is. */
export function varied(name: string, value: string, answer: { getHeader(name: string): unknown }): string {
  const before = isVary(name) ? answer.getHeader(name) : undefined;
  if (before === undefined) return value;
  const names = String(before);
  return names.toLowerCase().split(/, */).includes(value.toLowerCase()) ? names : `${names}, ${value}`;
}
