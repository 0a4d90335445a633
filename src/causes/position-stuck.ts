import { defineCause, enough } from './define.js';
import { Shown } from './examples.js';
import { LONG_ONES, sessionsOf } from './sentence.js';

const LEAST = { sessions: 3, share: 0.9 } as const;

export const positionStuck = defineCause({
  id: 'position-stuck',
  title: 'Position does not move from a Start to its Stop',
  sees: 'an interval of 30 s of clock or more, and no interval of the session with a Stop elsewhere than its Start',
  threshold: '3 sessions, and 90 % of those with such an interval',
  mend: 'Read the position when each event is made (audio.currentTime, not a value kept from the start or from the interface’s last render), and emit Start only when audio really plays (the `playing` event).',
  rules: ['playback-too-slow', 'session-too-short'],
  watch() {
    const shown = new Shown();
    return {
      take(course) {
        if (course.longs > 0 && !course.moves) shown.add(course.key);
      },
      end({ long }) {
        if (!enough(shown.sessions, long, LEAST)) return null;
        const evidence = `${sessionsOf(shown.sessions, long, LONG_ONES)} have each Stop at the Position of its Start.`;
        return { sessions: shown.sessions, of: long, evidence, examples: shown.examples };
      },
    };
  },
});
