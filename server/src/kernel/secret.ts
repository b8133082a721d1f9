import { inspect } from 'node:util';

/** A personal value that no log line, JSON answer or template string can print by accident; `open()` is easy to search for. */
export class Secret {
  readonly #text: string;
  constructor(text: string) {
    this.#text = text;
  }
  open(): string {
    return this.#text;
  }
  toString(): string {
    return '[secret]';
  }
  toJSON(): string {
    return '[secret]';
  }
  [inspect.custom](): string {
    return '[secret]';
  }
}
