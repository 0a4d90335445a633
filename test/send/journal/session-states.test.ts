import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  SESSION_STATES,
  type SessionState,
  SessionStates,
} from '../../../src/send/journal/session-states.js';

const mark = fc
  .oneof(
    fc.uint8Array({ minLength: 12, maxLength: 12 }),
    fc.nat(40).map((n) => new Uint8Array(12).fill(n)),
  )
  .map((bytes) => Buffer.from(bytes).toString('base64url'));
const state = fc.constantFrom(...SESSION_STATES.slice(1)) as fc.Arbitrary<Exclude<SessionState, 'unknown'>>;

/** Marks as they are compared: the three bits in which the state is kept do not count. */
function key(text: string): string {
  const bytes = Buffer.from(text, 'base64url');
  bytes[0]! &= ~0b111;
  return bytes.toString('hex');
}

test('holds what a Map would, however much comes', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(mark, state), { maxLength: 200 }), fc.nat(3000), (changes, filler) => {
      const states = new SessionStates();
      const naive = new Map<string, SessionState>();
      for (let i = 0; i < filler; i += 1) {
        const text = Buffer.from(`filler${String(i).padStart(6, '0')}`).toString('base64url');
        states.set(text, 'delivered');
        naive.set(key(text), 'delivered');
      }
      for (const [text, next] of changes) {
        expect(states.get(text)).toBe(naive.get(key(text)) ?? 'unknown');
        states.set(text, next);
        naive.set(key(text), next);
      }
      for (const [text] of changes) expect(states.get(text)).toBe(naive.get(key(text)));
      for (const one of SESSION_STATES.slice(1))
        expect(states.count(one)).toBe([...naive.values()].filter((other) => other === one).length);
    }),
    { numRuns: 60 },
  );
});
