import type { Diagnosis, DiagnosisId, RuleId } from '../../src/domain/finding.js';
import { linesOf, reportOn } from './judged.js';
import { PLAYER_BUGS, type Play, sound } from './player-bugs.js';
import { validPlays } from './valid-players.js';

/** Which of the sessions have the bug. */
export const PLACEMENTS = ['spread', 'one Source', 'newest'] as const;
export type Placement = (typeof PLACEMENTS)[number];

export type BugId = keyof typeof PLAYER_BUGS;
export const BUG_IDS = Object.keys(PLAYER_BUGS) as readonly BugId[];

/** What is told of an input in which some sessions have a bug. */
export async function toldOf(
  bug: BugId,
  sessions: number,
  share: number,
  placement: Placement,
  seed: number,
): Promise<readonly DiagnosisId[]> {
  const { diagnoses } = await reportOn(linesOf(mixed(bug, sessions, share, placement, seed)));
  return diagnoses.map(({ diagnosis }: Diagnosis) => diagnosis);
}

function mixed(
  bug: BugId,
  sessions: number,
  share: number,
  placement: Placement,
  seed: number,
): readonly Play[] {
  const plays = sound(seed, { sessions, period: sessions * 1200 }).toSorted(
    (a, b) => a.at(-1)!.Timestamp - b.at(-1)!.Timestamp,
  );
  const faulty = Math.round(share * plays.length);
  const isFaulty = (i: number): boolean =>
    placement === 'newest' ? i >= plays.length - faulty : Math.floor((i + 1) * share) > Math.floor(i * share);
  const of = (source: string, its: readonly Play[]): readonly Play[] =>
    placement === 'one Source' ? its.map((play) => play.map((event) => ({ ...event, Source: source }))) : its;
  return [
    ...of(
      'CustomWeb',
      plays.filter((_, i) => !isFaulty(i)),
    ),
    ...of('MobileApp', PLAYER_BUGS[bug](plays.filter((_, i) => isFaulty(i)))),
  ];
}

/** What is told of a valid player's sessions, and in which share of them each rule finds an error or a warning. */
export async function toldOfValid(
  name: string,
  sessions: number,
  seed: number,
): Promise<{
  readonly diagnoses: readonly DiagnosisId[];
  readonly shares: Readonly<Partial<Record<RuleId, number>>>;
}> {
  const report = await reportOn(linesOf(validPlays(name, sessions, seed)));
  const wrong = report.rules.filter(({ severity }) => severity !== 'info');
  return {
    diagnoses: report.diagnoses.map(({ diagnosis }) => diagnosis),
    shares: Object.fromEntries(wrong.map((total) => [total.rule, total.sessions / sessions])),
  };
}
