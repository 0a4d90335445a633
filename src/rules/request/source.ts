import type { RequestRule } from '../define.js';
import { pointerTo } from '../pointer.js';
import { shown } from '../words.js';

/** The checks of a rule about the Source: a body's, or the first that fires of those a bare session carries. */
export function sourceChecks(
  fires: (source: string) => boolean,
  expected: string,
): Required<Pick<RequestRule, 'check' | 'checkSession'>> {
  return {
    check({ body }, report) {
      const source = body?.Source;
      if (typeof source === 'string' && fires(source)) {
        report({ pointer: pointerTo('Source'), expected, received: shown(source) });
      }
    },
    checkSession({ session }, report, request) {
      if (request) return;
      const at = session.events.find((event) => event.source !== undefined && fires(event.source));
      if (at) report({ at, expected, received: shown(at.source) });
    },
  };
}
