import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Play } from '../../src/report/play.js';
import { timelineOf } from '../../src/report/text/session.js';
import { inspect } from '../../src/validate/inspect.js';
import { INSPECT_DEFAULTS } from '../../src/validate/options.js';
import { NOW, recordsOf, sessions } from './sessions.js';

describe('a session’s timeline', () => {
  it('tells all that was played, and every jump that the report counts as a skip', async () => {
    await fc.assert(
      fc.asyncProperty(sessions, async (all) => {
        for await (const chunk of inspect(recordsOf(all), { ...INSPECT_DEFAULTS, now: NOW })) {
          for (const inspected of chunk) {
            if (inspected.kind !== 'session') continue;
            const steps = [...timelineOf(inspected.session)];
            const play = new Play();
            play.read(inspected.session);
            const heard = steps.flatMap((step) =>
              step.kind === 'heard' ? [Math.max(0, step.to - step.from)] : [],
            );
            expect(heard.reduce((sum, ms) => sum + ms, 0)).toBe(play.playedMs);
            const ahead = steps.flatMap((step) =>
              step.kind === 'jumped' && step.to > step.from ? [step.from] : [],
            );
            expect(ahead).toEqual([...play.skips.values.subarray(0, play.skips.count)]);
          }
        }
      }),
      { numRuns: 100 },
    );
  });
});
