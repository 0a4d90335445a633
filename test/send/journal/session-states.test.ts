import { tmpdir } from 'node:os';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  SESSION_STATES,
  type SessionState,
  SessionStates,
} from '../../../src/send/journal/session-states.js';
import { casesOf } from '../../cases.js';

const PAGE_BYTES = 256 * 4 * 4;

const mark = fc
  .oneof(
    fc.uint8Array({ minLength: 12, maxLength: 12 }),
    fc.nat(40).map((n) => new Uint8Array(12).fill(n)),
  )
  .map((bytes) => Buffer.from(bytes).toString('base64url'));
const state = fc.constantFrom(...SESSION_STATES.slice(1)) as fc.Arbitrary<Exclude<SessionState, 'unknown'>>;

/** From nothing in memory but a page to all of it. */
const budget = fc.constantFrom(0, 20_000, 60_000, 200_000, 10_000_000);

test('holds what a Map would, however much comes and however little memory there is', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(mark, state), { maxLength: 200 }),
      fc.nat(3000),
      budget,
      (changes, filler, bytes) => {
        const states = new SessionStates({ bytes, folder: tmpdir() });
        const naive = new Map<string, SessionState>();
        for (let i = 0; i < filler; i += 1) {
          const text = Buffer.from(`filler${String(i).padStart(6, '0')}`).toString('base64url');
          states.set(text, 'delivered');
          naive.set(text, 'delivered');
        }
        for (const [text, next] of changes) {
          expect(states.get(text)).toBe(naive.get(text) ?? 'unknown');
          states.set(text, next);
          naive.set(text, next);
        }
        for (const [text] of changes) expect(states.get(text)).toBe(naive.get(text));
        for (const one of SESSION_STATES.slice(1))
          expect(states.count(one)).toBe([...naive.values()].filter((other) => other === one).length);
        expect(states.heldBytes).toBeLessThanOrEqual(Math.max(bytes, 5 * PAGE_BYTES));
        states.close();
      },
    ),
    { numRuns: casesOf(60) },
  );
});
