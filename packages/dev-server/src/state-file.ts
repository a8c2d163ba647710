import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Environment, EnvironmentState } from "./environment.js";
import type { KeyState, SigningKeys } from "./keys.js";
import type { Store, StoreState } from "./store.js";

/** All that an environment needs to go on after a restart. */
export interface State {
  readonly version: 1;
  /** The port it had, so that the issuer stays the same. */
  readonly port: number;
  readonly secret: string;
  readonly environment: EnvironmentState;
  readonly keys: KeyState;
  readonly store: StoreState;
}

/** @throws TypeError when the file holds something else */
export async function readState(file: string): Promise<State | undefined> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  try {
    const state = JSON.parse(text) as Partial<State>;
    if (state.version === 1) return state as State;
  } catch {
    // Said below, for both cases.
  }
  throw new TypeError(`${file} is not a file that this dev server wrote; delete it or name another one`);
}

export interface StateParts {
  readonly file: string;
  readonly port: number;
  readonly secret: string;
  readonly environment: Environment;
  readonly keys: SigningKeys;
  readonly store: Store;
}

/** How long changes are collected before they are written, in milliseconds. */
const DELAY = 50;

/** Writes an environment to its file, a moment after each change and when it closes. */
export class StateFile {
  readonly #parts: StateParts;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(parts: StateParts) {
    this.#parts = parts;
    const changed = (): void => this.#schedule();
    parts.environment.onChange(changed);
    parts.keys.onChange(changed);
    parts.store.onChange(changed);
    changed();
  }

  /** Resolves when the file holds the present state. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing = this.#writing.then(() => this.#write());
    return this.#writing;
  }

  #schedule(): void {
    this.#timer ??= setTimeout(() => {
      this.flush().catch((error: unknown) =>
        process.emitWarning(`cannot write the dev server's file: ${error}`),
      );
    }, DELAY);
  }

  async #write(): Promise<void> {
    const { file, port, secret, environment, keys, store } = this.#parts;
    const state: State = {
      version: 1,
      port,
      secret,
      environment: environment.state(),
      keys: await keys.state(),
      store: store.state(),
    };
    await mkdir(dirname(file), { recursive: true });
    // Private keys and refresh tokens: for the owner only. Renamed, so that a crash leaves the old file whole.
    await writeFile(`${file}.new`, JSON.stringify(state), { mode: 0o600 });
    await rename(`${file}.new`, file);
  }
}
