import type { IncomingMessage, ServerResponse } from 'node:http';
import { MAX_BODY_BYTES_AT_ONCE, MAX_DISCARDED_BYTES } from './limits.js';

/** A body, or why there is none: `aborted` where its sender went away. */
export type BodyBytes = Buffer | 'too-large' | 'busy' | 'aborted';

/** Reads request bodies, and bounds what all of them hold at once. */
export class BodyReader {
  #held = 0;

  /**
   * @param response Tells a client to go on that asks first.
   * @param most In bytes.
   */
  async read(request: IncomingMessage, response: ServerResponse, most: number): Promise<BodyBytes> {
    if (Number(request.headers['content-length'] ?? 0) > most) return 'too-large';
    if (request.headers.expect !== undefined) response.writeContinue();
    const chunks: Buffer[] = [];
    let size = 0;
    try {
      return await new Promise<BodyBytes>((resolve) => {
        request.on('data', (chunk: Buffer) => {
          size += chunk.length;
          this.#held += chunk.length;
          chunks.push(chunk);
          if (size <= most && this.#held <= MAX_BODY_BYTES_AT_ONCE) return;
          request.removeAllListeners('data');
          resolve(size > most ? 'too-large' : 'busy');
        });
        request.on('end', () => resolve(Buffer.concat(chunks)));
        request.on('close', () => resolve('aborted'));
        request.on('error', () => resolve('aborted'));
      });
    } finally {
      this.#held -= size;
    }
  }
}

/** Reads on and throws away, so that the sender of a body that is not wanted gets to read the answer; without end it is cut off. */
export function discard(request: IncomingMessage): void {
  let size = 0;
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > MAX_DISCARDED_BYTES) request.destroy();
  });
  request.resume();
}
