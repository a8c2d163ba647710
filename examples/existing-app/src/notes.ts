import { randomUUID } from "node:crypto";

export interface Note {
  id: string;
  text: string;
}

/** Everybody's notes, by the name that the identity provider has for them. */
export class Notes {
  readonly #notes = new Map<string, Note[]>();

  of(subject: string): readonly Note[] {
    return this.#notes.get(subject) ?? [];
  }

  add(subject: string, text: string): Note {
    const note: Note = { id: randomUUID(), text };
    this.#notes.set(subject, [...this.of(subject), note]);
    return note;
  }
}
