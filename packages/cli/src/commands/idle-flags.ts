import { UsageError } from "./exit.js";

/** Flags that have nothing to work on unless another one is there. */
export interface DependentFlags {
  readonly login?: true;
  readonly auto?: true;
  readonly token?: string;
  readonly clientId?: string;
  readonly loginOnly?: true;
  readonly tool?: readonly string[];
  readonly scope?: string;
  readonly token2?: string;
  readonly need?: Readonly<Record<string, readonly string[]>>;
  readonly allowPrivate?: true;
}

type Name = keyof DependentFlags;

const spelled: Readonly<Record<Name, string>> = {
  login: "--login",
  auto: "--auto",
  token: "--token",
  clientId: "--client-id",
  loginOnly: "--login-only",
  tool: "--tool",
  scope: "--scope",
  token2: "--token2",
  need: "--need",
  allowPrivate: "--allow-private",
};
const ofLogin: readonly Name[] = ["loginOnly", "tool", "scope", "token2"];
const ofUrl: readonly Name[] = ["login", "auto", "token", "clientId", ...ofLogin, "allowPrivate"];

/**
 * Whoever gives a flag expects that something comes of it: one that would be ignored is refused.
 *
 * @throws UsageError
 */
export function requireNoIdleFlags(
  flags: DependentFlags,
  has: { readonly start: boolean; readonly login: boolean },
): void {
  const given = (names: readonly Name[]): string | undefined => {
    const name = names.find((one) => flags[one] !== undefined);
    return name === undefined ? undefined : spelled[name];
  };
  if (has.start) {
    const idle = given(ofUrl);
    if (idle !== undefined)
      throw new UsageError(
        `${idle} goes with a URL; --start makes its own tokens, for the tools named with --need`,
      );
    return;
  }
  if (flags.need !== undefined)
    throw new UsageError("--need goes with --start; with a URL, name tools with --tool");
  const idle = has.login ? undefined : given(ofLogin);
  if (idle !== undefined) throw new UsageError(`${idle} needs a way to log in, such as --login or --token`);
}
