/**
 * Runs work on one thing after the other: between reading a list and writing it back, nobody else may write.
 * In this process: the API has no conditional update, so several processes need a lock that they share.
 */
export class Exclusive {
  readonly #last = new Map<string, Promise<unknown>>();

  async run<T>(thing: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(thing) ?? Promise.resolve();
    const mine = before.then(work, work);
    this.#last.set(thing, mine);
    try {
      return await mine;
    } finally {
      if (this.#last.get(thing) === mine) this.#last.delete(thing);
    }
  }
}
