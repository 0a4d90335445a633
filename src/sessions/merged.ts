import { ordinalAt, type RecordCursor, readSession } from './record-cursor.js';
import { Rows } from './rows.js';

/**
 * The rows of one session after the other, in order of first appearance; the same table is used again for the next.
 * @param cursors Each through whole sessions in that order.
 */
export function* merged(cursors: readonly RecordCursor[]): Generator<Rows> {
  const session = new Rows();
  const heap = cursors.filter((cursor) => cursor.settle());
  heap.sort((a, b) => ordinalAt(a) - ordinalAt(b));
  while (heap.length > 0) {
    const [first] = heap as [RecordCursor];
    session.clear();
    readSession(first, session);
    yield session;
    if (!first.settle()) {
      const last = heap.pop()!;
      if (heap.length > 0) heap[0] = last;
    }
    sink(heap);
  }
}

/** Puts the first of a heap where it belongs. */
function sink(heap: RecordCursor[]): void {
  for (let at = 0; ; ) {
    let least = at;
    for (const child of [2 * at + 1, 2 * at + 2]) {
      if (child < heap.length && ordinalAt(heap[child]!) < ordinalAt(heap[least]!)) least = child;
    }
    if (least === at) return;
    [heap[at], heap[least]] = [heap[least]!, heap[at]!];
    at = least;
  }
}
