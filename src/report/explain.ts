import { count, grouped } from '../domain/count.js';
import { NEWER_MIN_DURATION, type Report } from './figures.js';

/** What of the sessions is in the figures and what is not, and why, in plain sentences. */
export function explanation({ totals, minDuration, clips }: Report): readonly string[] {
  const { verified, verified60, filtered, invalidSessions } = totals;
  return [
    `A session counts as a verified play where at least ${minDuration} s were played. ${
      filtered === 0
        ? 'None was filtered.'
        : `${count(filtered, 'session')} played less and ${filtered === 1 ? 'is' : 'are'} filtered: left out of every other figure.`
    }`,
    `Omny’s help pages disagree on that limit: some say 10 s, newer ones ${NEWER_MIN_DURATION} s. Both are shown: ${
      minDuration === NEWER_MIN_DURATION
        ? '--min-duration sets the other'
        : `${grouped(verified)} reach ${minDuration} s, ${grouped(verified60)} reach ${NEWER_MIN_DURATION} s`
    }.`,
    ...(invalidSessions === 0
      ? []
      : [
          `${count(invalidSessions, 'session')} with errors ${invalidSessions === 1 ? 'is' : 'are'} left out; omny-consume validate says why.`,
        ]),
    ...(clips.every(({ durationKnown }) => durationKnown)
      ? []
      : [
          'Where nothing tells a clip’s duration (~), it is taken to end at the farthest Stop, and completion looks better than it is: --clips gives durations.',
        ]),
    'A part that was played twice counts once in the time heard, in completion and in retention.',
  ];
}
