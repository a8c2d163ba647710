import { OptionError } from "../option-error.js";

const example =
  'write {name} for one path segment, with some text between two of them, and at most one {+path} as the last, for example "docs://{topic}/{+path}".';

/**
 * A URI template as an expression that matches in linear time: a variable ends where the text after it begins, so no
 * text can be shared out in two ways.
 *
 * @throws {OptionError} for a template that would be ambiguous, or is none.
 */
export function templateExpression(option: string, template: string): RegExp {
  const wrong = (instead: string) => new OptionError(option, template, instead);
  if (/^(?:https?|wss?|ftp|file):\/\/[^/?#{]*[A-Z]/.test(template))
    throw wrong("write scheme and host in lower case.");
  const parts = template.split(/(\{[^{}]*\})/);
  const last = parts.length - 2;
  const pattern = parts.map((part, index) => {
    if (index % 2 === 0) {
      if (/[{}]/.test(part)) throw wrong(example);
      return escaped(part);
    }
    const after = parts[index + 1] as string;
    const rest = /^\{\+[A-Za-z0-9_.]+\}$/.test(part);
    if (!rest && !/^\{[A-Za-z0-9_.]+\}$/.test(part)) throw wrong(example);
    if (index < last && (rest || after === "")) throw wrong(example);
    return rest ? "[^\\x00-\\x20]+" : `[^/?#\\x00-\\x20${index < last ? escaped(after[0] as string) : ""}]+`;
  });
  return new RegExp(`^${pattern.join("")}$`);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^$()|[\]\\/-]/g, "\\$&");
}
