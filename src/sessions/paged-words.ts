import { TempFile } from './temp-file.js';

const WORD_BYTES = 4;

/**
 * Words of 32 bits, zero at first, in pages of one size: in memory where there is room for all pages, else in a temporary file, with as many
 * pages in memory as there is room for.
 */
export class PagedWords {
  /** The pages in memory; `load` tells where one stands. */
  readonly words: Uint32Array;
  readonly #pageWords: number;
  readonly #frames: number;
  readonly #file: TempFile | null;
  /** The page that stands in each frame, and whether it differs from what the file holds. */
  readonly #pageIn: Int32Array;
  readonly #changed: Uint8Array;

  /**
   * @param most So many pages at most are in memory; at least one is.
   * @param folder Of the temporary file.
   * @throws UserError of kind `output` where the disk cannot hold it
   */
  constructor(pages: number, pageWords: number, most: number, folder: string) {
    this.#pageWords = pageWords;
    this.#frames = Math.max(1, Math.floor(Math.min(pages, most)));
    this.words = new Uint32Array(this.#frames * pageWords);
    const paged = this.#frames < pages;
    this.#file = paged ? new TempFile(folder) : null;
    this.#file?.extend(pages * pageWords * WORD_BYTES);
    this.#pageIn = Int32Array.from({ length: paged ? this.#frames : 0 }, (_, frame) => frame);
    this.#changed = new Uint8Array(this.#pageIn.length);
  }

  /** Where a page stands in `words`, until the next is loaded. */
  load(page: number): number {
    if (this.#file === null) return page * this.#pageWords;
    const frame = page % this.#frames;
    if (this.#pageIn[frame] !== page) this.#turn(frame, page, this.#file);
    return frame * this.#pageWords;
  }

  /** To be told before a page that was just loaded is changed. */
  change(page: number): void {
    if (this.#file !== null) this.#changed[page % this.#frames] = 1;
  }

  /** Writes what was changed: no look-up has to write then. @throws UserError of kind `output` where the disk cannot hold it */
  flush(): void {
    for (let frame = 0; frame < this.#changed.length; frame += 1) this.#keep(frame);
  }

  close(): void {
    this.#file?.close();
  }

  #turn(frame: number, page: number, file: TempFile): void {
    this.#keep(frame);
    const its = this.#bytesOf(frame);
    file.read(its, page * its.length);
    this.#pageIn[frame] = page;
  }

  #keep(frame: number): void {
    if (this.#changed[frame] !== 1) return;
    const its = this.#bytesOf(frame);
    this.#file?.write(its, this.#pageIn[frame]! * its.length);
    this.#changed[frame] = 0;
  }

  #bytesOf(frame: number): Uint8Array {
    const bytes = this.#pageWords * WORD_BYTES;
    return new Uint8Array(this.words.buffer, frame * bytes, bytes);
  }
}
