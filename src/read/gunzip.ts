import { once } from 'node:events';
import { createGunzip } from 'node:zlib';
import { BrokenStream, MAX_GZIP_RATIO } from './limits.js';

/** Everything in the slice with the damage is lost, so slices are small. */
const SLICE_BYTES = 4 * 1024;

/**
 * Unpacks gzip, also with several members. Yields everything before a fault, then throws the fault.
 * @throws BrokenStream where the data is cut short, damaged, or unpacks to more than `MAX_GZIP_RATIO` times its size.
 */
export async function* gunzip(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const unzip = createGunzip();
  const unpacked: Buffer[] = [];
  let fault: NodeJS.ErrnoException | undefined;
  let given = 0;
  let taken = 0;
  unzip.on('data', (chunk: Buffer) => {
    given += chunk.length;
    unpacked.push(chunk);
  });
  unzip.on('error', (error) => {
    fault ??= error;
  });
  // After a fault, the callback of a write is never called.
  const closed = once(unzip, 'close').catch(() => undefined);
  try {
    for await (const chunk of bytes) {
      for (let from = 0; from < chunk.length && !fault; from += SLICE_BYTES) {
        const slice = chunk.subarray(from, from + SLICE_BYTES);
        taken += slice.length;
        await Promise.race([new Promise<void>((done) => unzip.write(slice, () => done())), closed]);
        yield* unpacked.splice(0);
        if (given > MAX_GZIP_RATIO * taken) throw tooMuch();
      }
      if (fault) break;
    }
    if (!fault) {
      unzip.end();
      await closed;
      yield* unpacked.splice(0);
    }
    if (fault) throw broken(fault);
  } finally {
    unzip.destroy();
  }
}

function tooMuch(): BrokenStream {
  return new BrokenStream(
    `gzip data that unpacks to at most ${MAX_GZIP_RATIO} times its size`,
    'more: it looks like a gzip bomb',
    'If you trust the file, unpack it yourself and use the unpacked file.',
  );
}

function broken(fault: NodeJS.ErrnoException): BrokenStream {
  return fault.code === 'Z_BUF_ERROR'
    ? new BrokenStream(
        'whole gzip data',
        'data that ends too early',
        'The file was cut short: copy or download it again.',
      )
    : new BrokenStream('valid gzip data', `damage (${fault.message})`, 'Copy or download the file again.');
}
