import { changeOne, eventsExample, FIXED_AS_MINUTE, MINUTE } from '../../guide/guide.js';
import { EVENT_TYPES } from '../../wire/event.js';
import { defineRule } from '../define.js';
import { list, pointerTo, shown } from '../words.js';

const NEAR: Readonly<Record<string, (typeof EVENT_TYPES)[number]>> = {
  play: 'Start',
  playing: 'Start',
  resume: 'Start',
  started: 'Start',
  begin: 'Start',
  pause: 'Stop',
  paused: 'Stop',
  stopped: 'Stop',
  end: 'Stop',
  ended: 'Stop',
};

export const typeUnknown = defineRule({
  id: 'type-unknown',
  level: 'event',
  sees: 'json',
  severity: 'error',
  title: 'Type is neither Start nor Stop',
  why: 'The document defines two types: playback has started, or stopped, at the position.',
  mend: 'Report play and the end of a seek as Start. Report pause, the start of a seek and the end of the clip as Stop.',
  reference: 'API-10',
  check({ faults }, report) {
    for (const { kind, field, value } of faults) {
      if (kind !== 'choice') continue;
      const near = nearType(String(value));
      report({
        pointer: pointerTo(field),
        expected: `a Type of ${list(EVENT_TYPES, 'or')}`,
        received: shown(value),
        ...(near && { hint: `Write "${near}": case matters, and there are no other types.` }),
      });
    }
  },
  guide: () => ({
    firesWhen: 'Type is a string other than Start and Stop (case matters)',
    inferred: null,
    broken: eventsExample(changeOne(MINUTE, 1, { Type: 'Pause' })),
    ...FIXED_AS_MINUTE,
    cites: ["events = emit('Stop", "events = emit('Start"],
  }),
});

/** Whether a text is a Type in any case, or a word that players use for one. */
export function isNearType(text: string): boolean {
  return nearType(text) !== undefined;
}

function nearType(text: string): string | undefined {
  const word = text.trim().toLowerCase();
  return (
    EVENT_TYPES.find((type) => type.toLowerCase() === word) ??
    (Object.hasOwn(NEAR, word) ? NEAR[word] : undefined)
  );
}
