import { defineRule } from '../define.js';

export const startWithoutStop = defineRule({
  id: 'start-without-stop',
  level: 'session',
  needs: 'order',
  severity: 'error',
  title: 'A Start while it already plays',
  why: 'Between two Starts a Stop is missing: how far was heard from the first one is not known.',
  mend: 'Emit Stop at the position that is left before every seek, pause, stall and change of clip.',
  reference: 'API-10',
  check({ positions, listening: { kept, stops, keptCount } }, report) {
    for (let n = 1; n < keptCount; n += 1) {
      if (stops[n] === 1 || stops[n - 1] === 1) continue;
      const [before, at] = [kept[n - 1]!, kept[n]!];
      report(at, () => ({
        expected: `a Stop after the Start at ${positions[before]} s`,
        received: `a Start at ${positions[at]} s`,
      }));
    }
  },
});
