/** Splits a command into program and arguments: at spaces, except within single or double quotes. */
export function splitCommand(command: string): readonly string[] {
  const parts = command.match(/(?:[^\s"']+|"[^"]*"|'[^']*')+/g) ?? [];
  return parts.map((part) => part.replace(/"([^"]*)"|'([^']*)'/g, (_, double, single) => double ?? single));
}
