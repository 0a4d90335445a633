import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { InputSource } from './source.js';

/** How much of a stream is kept, in bytes. */
const KEPT_BYTES = 4 * 1024 * 1024;

/**
 * Inputs of which something may have to be read a second time. Files are opened again, where they are regular files and have not been
 * touched since; of a stream the first bytes are kept.
 */
export class SourcesAgain {
  private constructor(
    /** To be read in place of those that were given. */
    readonly sources: readonly InputSource[],
    private readonly again: readonly (() => Promise<InputSource | null>)[],
  ) {}

  static async of(sources: readonly InputSource[]): Promise<SourcesAgain> {
    const watched = await Promise.all(sources.map(watch));
    return new SourcesAgain(
      watched.map(({ source }) => source),
      watched.map(({ again }) => again),
    );
  }

  /** An input to be read again, perhaps only its first bytes; null where it cannot be. */
  async open(index: number): Promise<InputSource | null> {
    return (await this.again[index]?.()) ?? null;
  }
}

interface Watched {
  readonly source: InputSource;
  readonly again: () => Promise<InputSource | null>;
}

async function watch(source: InputSource): Promise<Watched> {
  if (typeof source !== 'string') return keepFirst(source);
  const before = await stat(source).catch(() => null);
  const again = async (): Promise<InputSource | null> => {
    if (!before?.isFile()) return null;
    const now = await stat(source).catch(() => null);
    return now && untouched(before, now) ? source : null;
  };
  return { source, again };
}

function untouched(before: Stats, now: Stats): boolean {
  return (['dev', 'ino', 'size', 'mtimeMs', 'ctimeMs'] as const).every((key) => before[key] === now[key]);
}

function keepFirst({ name, bytes }: Exclude<InputSource, string>): Watched {
  const kept: Uint8Array[] = [];
  async function* watched(): AsyncGenerator<Uint8Array> {
    let room = KEPT_BYTES;
    for await (const chunk of bytes) {
      if (room > 0) kept.push(chunk.subarray(0, room));
      room -= chunk.length;
      yield chunk;
    }
  }
  async function* first(): AsyncGenerator<Uint8Array> {
    yield* kept;
  }
  return {
    source: { name, bytes: watched() },
    again: async () => ({ name, bytes: first() }),
  };
}
