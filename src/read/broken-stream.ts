/** The bytes of an input break off or are damaged: what came before can still be used. */
export class BrokenStream extends Error {
  override readonly name = 'BrokenStream';

  constructor(
    readonly expected: string,
    readonly received: string,
    readonly hint: string,
  ) {
    super(`Expected ${expected}, received ${received}`);
  }
}
