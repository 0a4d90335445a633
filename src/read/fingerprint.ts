import { createHash } from 'node:crypto';

/** Takes down what the bytes of inputs are while they are read: the same bytes, unpacked, give the same fingerprint. */
export class Fingerprint {
  readonly #hash = createHash('sha256');

  /** An input's bytes as they come. What its reader does not want is read all the same. */
  async *watch(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    const rest = bytes[Symbol.asyncIterator]();
    let length = 0;
    let open = true;
    const next = async (): Promise<Uint8Array | null> => {
      open = false;
      const { done, value } = await rest.next();
      if (done) return null;
      open = true;
      length += value.length;
      this.#hash.update(value);
      return value;
    };
    try {
      for (let chunk = await next(); chunk; chunk = await next()) yield chunk;
    } finally {
      while (open && (await next()));
      this.#hash.update(`\n${length}\n`);
    }
  }

  /** Of everything that was watched. */
  get value(): string {
    return `sha256:${this.#hash.copy().digest('hex')}`;
  }
}
