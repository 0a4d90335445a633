import { defineDiagnosis, ExampleCounter, enough, LONG_ONES, sessionsOf } from './define.js';

const LEAST = { sessions: 3, share: 0.9 } as const;

export const positionStuck = defineDiagnosis({
  id: 'position-stuck',
  title: 'Position does not move from a Start to its Stop',
  sees: 'an interval of 30 s of clock or more, and no interval of the session with a Stop elsewhere than its Start',
  threshold: '3 sessions, and 90 % of those with such an interval',
  mend: 'Read the position when each event is made (audio.currentTime, not a value kept from the start or from the interface’s last render), and emit Start only when audio really plays (the `playing` event).',
  rules: ['playback-too-slow', 'session-too-short'],
  watch() {
    const shown = new ExampleCounter();
    return {
      look({ session, profile }) {
        if (profile && profile.longs > 0 && !profile.moves) shown.add(session.key);
      },
      end({ long }) {
        if (!enough(shown.sessions, long, LEAST)) return null;
        const evidence = `${sessionsOf(shown.sessions, long, LONG_ONES)} have each Stop at the Position of its Start.`;
        return { sessions: shown.sessions, of: long, evidence, examples: shown.examples };
      },
    };
  },
});
