/** What a Content-Type says without its parameters, in lower case (RFC 9110 §8.3.1). */
export function mediaTypeOf(contentType: string | null | undefined): string | undefined {
  return contentType?.split(";", 1)[0]?.trim().toLowerCase();
}

/** Whether an answer is a stream of server-sent events (WHATWG HTML §9.2). */
export function isEventStream(contentType: string | null | undefined): boolean {
  return mediaTypeOf(contentType) === "text/event-stream";
}
