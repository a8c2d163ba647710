import { type Eventually, isPromise } from "./eventually.js";

/** Waits for a user's code, but not for ever. Rejects when `milliseconds` have passed without an answer. */
export function within<T>(milliseconds: number, answer: Eventually<T>): Eventually<T> {
  return isPromise(answer) ? beforeDeadline(milliseconds, answer) : answer;
}

async function beforeDeadline<T>(milliseconds: number, answer: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`no answer within ${milliseconds / 1000} seconds`)),
      milliseconds,
    );
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
