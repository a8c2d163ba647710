/** Who acts for the subject of a token, the latest first (RFC 8693 section 4.1). */
export interface Actor {
  readonly sub: string;
  readonly act?: Actor;
}

const actors = new WeakMap<object, Actor>();

/** Notes who acts, until the token's claims are put together. */
export function setActor(token: object, actor: Actor): void {
  actors.set(token, actor);
}

export function actorOf(token: object): Actor | undefined {
  return actors.get(token);
}
