/** A value that is there now, or comes later: what is in memory costs no turn of the event loop. */
export type Eventually<T> = T | Promise<T>;

/** `next` on the value: at once when it is there. */
export function after<T, U>(value: Eventually<T>, next: (value: T) => Eventually<U>): Eventually<U> {
  return isPromise(value) ? value.then(next) : next(value);
}

/** Also for promises of other makes, which hooks of the user's may return. */
export function isPromise<T>(value: Eventually<T>): value is Promise<T> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === "function";
}
