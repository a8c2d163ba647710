/** One challenge of a `WWW-Authenticate` header (RFC 9110 §11.3, §11.6.1). */
export interface Challenge {
  /** As spelt by the server; schemes are case-insensitive. */
  readonly scheme: string;
  readonly token68?: string;
  /** In order of appearance, names in lower case, quoted pairs resolved, duplicates kept. */
  readonly parameters: readonly Parameter[];
}

export interface Parameter {
  readonly name: string;
  readonly value: string;
  readonly quoted: boolean;
}

/** The challenges, or where and why the text leaves the grammar. */
export type Parsed =
  | { readonly ok: true; readonly challenges: readonly Challenge[] }
  | { readonly ok: false; readonly at: number; readonly problem: string };

class SyntaxFault extends Error {
  readonly at: number;
  constructor(at: number, problem: string) {
    super(problem);
    this.at = at;
  }
}

const token = /[!#$%&'*+\-.^_`|~0-9A-Za-z]+/y;
const token68 = /[A-Za-z0-9\-._~+/]+=*/y;
const whitespace = /[ \t]*/y;

/**
 * Parses a `WWW-Authenticate` field value by RFC 9110: several challenges separated by commas, token68 forms,
 * quoted pairs, whitespace around `=`. Several header lines are to be joined by ", " first (RFC 9110 §5.3).
 */
export function parseChallenges(text: string): Parsed {
  try {
    return { ok: true, challenges: new Reader(text).challenges() };
  } catch (error) {
    if (error instanceof SyntaxFault) return { ok: false, at: error.at, problem: error.message };
    throw error;
  }
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  challenges(): Challenge[] {
    const found: Challenge[] = [];
    this.#skipListSeparators();
    while (this.#at < this.#text.length) {
      found.push(this.#challenge());
      this.#skipListSeparators();
    }
    if (found.length === 0) throw new SyntaxFault(0, "there is no challenge");
    return found;
  }

  #challenge(): Challenge {
    const scheme = this.#require(token, "an authentication scheme");
    if (this.#peek() !== " ") {
      if (this.#peek() === "" || this.#peek() === ",") return { scheme, parameters: [] };
      throw new SyntaxFault(this.#at, `a space must follow the scheme ${scheme}`);
    }
    this.#match(whitespace);
    const start = this.#at;
    const credentials = this.#match(token68);
    const after = this.#text.slice(this.#at).trimStart();
    if (credentials !== undefined && (after === "" || after.startsWith(","))) {
      return { scheme, token68: credentials, parameters: [] };
    }
    this.#at = start;
    return { scheme, parameters: this.#parameters() };
  }

  #parameters(): Parameter[] {
    const parameters: Parameter[] = [];
    for (;;) {
      const start = this.#at;
      const name = this.#match(token);
      this.#match(whitespace);
      if (name === undefined || this.#peek() !== "=") {
        // Not a parameter: the next challenge begins here, or the text is wrong.
        this.#at = start;
        if (parameters.length === 0 || (name === undefined && start < this.#text.length)) {
          throw new SyntaxFault(start, "a parameter name=value was expected");
        }
        return parameters;
      }
      this.#at += 1;
      this.#match(whitespace);
      parameters.push({ name: name.toLowerCase(), ...this.#value() });
      this.#match(whitespace);
      if (this.#at >= this.#text.length) return parameters;
      if (this.#peek() !== ",") throw new SyntaxFault(this.#at, "a comma must separate parameters");
      this.#skipListSeparators();
      if (this.#at >= this.#text.length) return parameters;
    }
  }

  #value(): Pick<Parameter, "value" | "quoted"> {
    if (this.#peek() !== '"') return { value: this.#require(token, "a value"), quoted: false };
    const start = this.#at;
    let value = "";
    for (this.#at += 1; this.#at < this.#text.length; this.#at += 1) {
      const character = this.#peek();
      if (character === '"') {
        this.#at += 1;
        return { value, quoted: true };
      }
      if (character === "\\") this.#at += 1;
      value += this.#peek();
    }
    throw new SyntaxFault(start, "a quoted value has no end");
  }

  #skipListSeparators(): void {
    while (/[ \t,]/.test(this.#peek())) this.#at += 1;
  }

  #peek(): string {
    return this.#text[this.#at] ?? "";
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found === undefined) return undefined;
    this.#at += found.length;
    return found;
  }

  #require(pattern: RegExp, what: string): string {
    const found = this.#match(pattern);
    if (found === undefined) throw new SyntaxFault(this.#at, `${what} was expected`);
    return found;
  }
}

/** The first Bearer challenge; schemes are case-insensitive (RFC 9110 §11.1). */
export function bearerOf(challenges: readonly Challenge[]): Challenge | undefined {
  return challenges.find(({ scheme }) => scheme.toLowerCase() === "bearer");
}

export function parameterOf(challenge: Challenge | undefined, name: string): string | undefined {
  return challenge?.parameters.find((parameter) => parameter.name === name)?.value;
}
