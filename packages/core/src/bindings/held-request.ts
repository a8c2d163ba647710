const held = new WeakMap<AbortSignal, Request[]>();

/**
 * Keeps a request for as long as `signal` is kept. In Node.js the signal of a Request follows the one that it was made
 * with, or the caller, only while somebody holds the Request; handlers that wait hold no more of it than its signal.
 */
export function hold(request: Request, signal: AbortSignal): Request {
  held.set(signal, [...(held.get(signal) ?? []), request]);
  return request;
}
