import { guidKey, isGuid } from '../domain/guid.js';
import type { JsonObject } from '../wire/shape.js';
import { type Change, defineMend, sessionIdOf } from './define.js';

/** Events that say again just what one before says: each is kept once. */
export const seqDuplicate = defineMend({
  rule: 'seq-duplicate',
  mend({ events }) {
    const seen = new Set<string>();
    const changes: Change[] = [];
    const kept = events.filter(({ fields, place }) => {
      const text = canonical(fields);
      if (!seen.has(text)) {
        seen.add(text);
        return true;
      }
      const sessionId = sessionIdOf(fields);
      changes.push({
        rule: 'seq-duplicate',
        what: 'exact repeat dropped',
        place,
        sessionId,
        before: fields,
        after: null,
      });
      return false;
    });
    return changes.length === 0 ? null : { events: kept, changes };
  },
});

/** The same text for the same event, whatever the order of its properties and the letter case of its ids. */
function canonical(fields: JsonObject): string {
  const entries = Object.entries(fields).map(([name, value]) => [
    name,
    isGuid(value) ? guidKey(value) : value,
  ]);
  const sorted = entries.toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1));
  // JSON has no numbers past all bounds, as 1e999 is read: they must not look like null.
  return JSON.stringify(sorted, (_, value: unknown) => (isUnbounded(value) ? [String(value)] : value));
}

function isUnbounded(value: unknown): boolean {
  return typeof value === 'number' && !Number.isFinite(value);
}
