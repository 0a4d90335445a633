import fc from 'fast-check';
import type { Exchange } from '../../src/domain/record.js';
import { carrierOf, FAULT_IDS } from '../../src/simulate/faults/inject.js';
import { wireOf } from '../../src/simulate/listener.js';
import { simulate } from '../../src/simulate/simulate.js';
import { CLIPS, ORGANIZATIONS } from './listening.js';
import type { NaiveInput } from './naive.js';
import { CLIP_SECONDS } from './run.js';

const clips = CLIPS.map((id) => ({ id, seconds: CLIP_SECONDS[id] ?? 1800 }));

/** A session that `simulate` made and broke in one way, in requests or as bare events. */
export const simulated = fc.record({
  rule: fc.constantFrom(...FAULT_IDS),
  seed: fc.nat(1_000_000),
  bare: fc.boolean(),
});

type Simulated = typeof simulated extends fc.Arbitrary<infer T> ? T : never;

/** Its inputs. @param exchange How its requests went, in a capture, which has no bare events. */
export function inputsOf({ rule, seed, bare }: Simulated, exchange?: Exchange): readonly NaiveInput[] {
  const faults = [{ rule, share: 1 }];
  const [session] = simulate({ seed, sessions: 1, organization: ORGANIZATIONS[0], clips, faults });
  const { events, fault } = session!;
  const values = events.map(({ played, raw }) => raw ?? wireOf(played!));
  if (!exchange && !fault?.requests && (bare || carrierOf(rule) === 'events')) {
    return events.map(({ source: Source }, i) => ({
      kind: 'event',
      value: Source === undefined ? values[i] : { Source, ...(values[i] as object) },
    }));
  }
  const bodies = fault?.requests ?? [{ Source: 'CustomWeb', Events: values, Completed: true }];
  return bodies.map((value) => ({ kind: 'request', value, exchange }));
}
