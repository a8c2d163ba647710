/** A login that cannot go on: what was seen, what follows, what to change. It becomes one finding. */
export class LoginFault extends Error {
  override readonly name = "LoginFault";
  readonly code: string;
  readonly seen: string;
  readonly change: string;
  readonly section: string;

  constructor(fault: {
    readonly code: string;
    readonly seen: string;
    readonly why: string;
    readonly change: string;
    readonly section: string;
  }) {
    super(fault.why);
    this.code = fault.code;
    this.seen = fault.seen;
    this.change = fault.change;
    this.section = fault.section;
  }
}
