import type { Exchange } from "./traffic.js";

/** One step of the story: which exchange it is about, how to tell it, and what must be true of it. */
export interface Step {
  title: string;
  /** Why it is done this way, in a sentence or two. */
  why: string;
  is(exchange: Exchange): boolean;
  sent(exchange: Exchange): readonly string[];
  received(exchange: Exchange): readonly string[];
  /** What is not as it must be, a sentence each; empty when all is well. */
  faults(exchange: Exchange): readonly string[];
}

/** A step that happened, and what was wrong with it. */
export interface ToldStep {
  number: number;
  step: Step;
  exchange: Exchange;
  faults: readonly string[];
}

/** Thrown when the story takes another turn than it must. The message says which, in a sentence. */
export class StoryError extends Error {
  override readonly name = "StoryError";
}

/**
 * Holds what happens against what must happen: these exchanges, in this order, and no others
 * but the few that a client makes for its own bookkeeping.
 */
export class Story {
  readonly #steps: readonly Step[];
  readonly #bookkeeping: (exchange: Exchange) => boolean;
  readonly #tell: (told: ToldStep) => void;
  #next = 0;
  #fault: StoryError | undefined;

  constructor(
    steps: readonly Step[],
    bookkeeping: (exchange: Exchange) => boolean,
    tell: (told: ToldStep) => void,
  ) {
    this.#steps = steps;
    this.#bookkeeping = bookkeeping;
    this.#tell = tell;
  }

  /** To be called with each exchange as it happens. Never throws: it stands in the middle of a client's own call. */
  watch(exchange: Exchange): void {
    if (this.#fault !== undefined) return;
    const step = this.#steps[this.#next];
    if (step?.is(exchange)) {
      const faults = step.faults(exchange);
      this.#tell({ number: ++this.#next, step, exchange, faults });
      if (faults.length > 0)
        this.#fault = new StoryError(`Step ${this.#next}, "${step.title}": ${faults.join(" ")}`);
    } else if (!this.#bookkeeping(exchange)) {
      this.#fault = new StoryError(unexpected(exchange, step));
    }
  }

  /** @throws {StoryError} when a step was not as it must be, or did not come. */
  end(): void {
    if (this.#fault !== undefined) throw this.#fault;
    const step = this.#steps[this.#next];
    if (step !== undefined)
      throw new StoryError(`The story ended before step ${this.#next + 1}, "${step.title}".`);
  }
}

function unexpected(exchange: Exchange, step: Step | undefined): string {
  const what = `${exchange.method} ${exchange.url.pathname}, answered with ${exchange.status}`;
  return step === undefined
    ? `After the last step the client went on with ${what}.`
    : `Instead of "${step.title}" the client did ${what}: ${exchange.responseBody.slice(0, 300)}`;
}
