import type { RequestRule } from '../define.js';
import { pointerTo } from '../pointer.js';
import { shown } from '../words.js';

/** The checks of a rule about the Source: a body's, or the first that fires of those a bare session carries. */
export function sourceChecks(
  fires: (source: string) => boolean,
  expected: string,
): Required<Pick<RequestRule, 'check' | 'checkSession' | 'ofBareSessions'>> {
  return {
    ofBareSessions: true,
    check({ body }, report) {
      const source = body?.Source;
      if (typeof source === 'string' && fires(source)) {
        report({ pointer: pointerTo('Source'), expected, received: shown(source) });
      }
    },
    checkSession({ session }, report, request) {
      if (request) return;
      // Where the events do not differ, the first says it of all.
      const last = session.mixed ? session.count : 1;
      for (let at = 0; at < last; at += 1) {
        const source = session.sourceOf(at);
        if (source === undefined || !fires(source)) continue;
        report(at, () => ({ expected, received: shown(source) }));
        return;
      }
    },
  };
}
