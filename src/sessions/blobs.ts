import { TempFile } from './temp-file.js';

/** So many are written at once. */
const TOGETHER = 256;

/** Bytes of any length, in memory until they are put on disk; they keep their address. */
export class Blobs {
  readonly #folder: string;
  #file: TempFile | undefined;
  #held: Uint8Array[] = [];
  #starts: number[] = [];
  #heldBytes = 0;
  #onDisk = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Bytes in memory. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** Gives the address. */
  add(bytes: Uint8Array): number {
    const address = this.#onDisk + this.#heldBytes;
    this.#held.push(bytes);
    this.#starts.push(address);
    this.#heldBytes += bytes.length;
    return address;
  }

  read(address: number, length: number): Uint8Array {
    if (address >= this.#onDisk) return this.#held[this.#find(address)]!;
    const bytes = new Uint8Array(length);
    this.#file!.read(bytes, address);
    return bytes;
  }

  /** Puts everything on disk. */
  spill(): void {
    if (this.#heldBytes === 0) return;
    this.#file ??= new TempFile(this.#folder);
    for (let from = 0; from < this.#held.length; from += TOGETHER) {
      this.#file.append(Buffer.concat(this.#held.slice(from, from + TOGETHER)));
    }
    this.#onDisk += this.#heldBytes;
    this.#held = [];
    this.#starts = [];
    this.#heldBytes = 0;
  }

  close(): void {
    this.#file?.close();
  }

  #find(address: number): number {
    let [low, high] = [0, this.#starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#starts[middle]! <= address) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
