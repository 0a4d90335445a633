import { DIAGNOSES } from '../diagnoses/diagnoses.js';
import type { Diagnosis } from '../domain/finding.js';
import { pluralize } from '../domain/text.js';
import { list } from '../rules/words.js';
import { BEHAVIOURS } from './behaviours/index.js';
import type { Capture, RequestNote } from './capture.js';
import {
  BEHAVIOUR_IDS,
  type Behaviour,
  type BehaviourId,
  type Found,
  type Needs,
  type Observation,
  type SeenAt,
} from './define.js';

/** Seen right, seen wrong, or not seen. */
export type Verdict = 'right' | 'wrong' | 'not-seen';

/** A line of a sheet: plain data. */
export interface SheetLine {
  readonly behaviour: BehaviourId;
  /** What the player does: `Pauses and continues`. */
  readonly title: string;
  readonly verdict: Verdict;
  readonly required: boolean;
  /** How often it was seen right, and wrong. */
  readonly right: number;
  readonly wrong: number;
  /** The first few of what decides: those that are wrong where there are any, else those that are right. */
  readonly observations: readonly Observation[];
  /** Whether an input of this kind can show it: events alone show no requests. */
  readonly possible: boolean;
  /** How to fix the player where it is wrong; what to do with it where it was not seen; else null. */
  readonly next: string | null;
}

/** Which behaviours an input shows, and how. */
export interface Sheet {
  readonly lines: readonly SheetLine[];
  readonly sessions: number;
  readonly requests: number;
  /** What to know about the whole, as sentences. */
  readonly notes: readonly string[];
}

const MAX_OBSERVATIONS = 3;

/** Counts what was seen of one behaviour, and keeps the first few. */
export class Observations implements Found {
  rightCount = 0;
  wrongCount = 0;
  readonly rights: Observation[] = [];
  readonly wrongs: Observation[] = [];

  right(session: SeenAt, evidence: () => string): void {
    this.rightCount += 1;
    if (this.rights.length < MAX_OBSERVATIONS) this.rights.push(observation(session, evidence));
  }

  wrong(session: SeenAt, evidence: () => string): void {
    this.wrongCount += 1;
    if (this.wrongs.length < MAX_OBSERVATIONS) this.wrongs.push(observation(session, evidence));
  }

  rightRequest({ place }: RequestNote, evidence: () => string): void {
    this.right({ key: null, place }, evidence);
  }

  wrongRequest({ place }: RequestNote, evidence: () => string): void {
    this.wrong({ key: null, place }, evidence);
  }

  /** These and those of another, in this order. */
  and(other: Observations): Observations {
    const both = new Observations();
    both.rightCount = this.rightCount + other.rightCount;
    both.wrongCount = this.wrongCount + other.wrongCount;
    both.rights.push(...[...this.rights, ...other.rights].slice(0, MAX_OBSERVATIONS));
    both.wrongs.push(...[...this.wrongs, ...other.wrongs].slice(0, MAX_OBSERVATIONS));
    return both;
  }
}

function observation({ key, place }: SeenAt, evidence: () => string): Observation {
  return { session: key, place, evidence: evidence() };
}

/** What there is to make a sheet of. */
export interface SheetParts {
  /** By behaviour: what was seen in sessions and requests as they came. */
  readonly seen: Readonly<Record<BehaviourId, Observations>>;
  readonly capture: Capture;
  readonly diagnoses: readonly Diagnosis[];
  readonly required: ReadonlySet<BehaviourId>;
  readonly sessions: number;
  readonly requests: number;
  /** Of the sessions those that have an error. */
  readonly flawed: number;
  /** What the input can show. */
  readonly shows: ReadonlySet<Needs>;
}

export function sheetOf(parts: SheetParts): Sheet {
  const lines = BEHAVIOUR_IDS.map((id) => lineOf(BEHAVIOURS[id], parts));
  return { lines, sessions: parts.sessions, requests: parts.requests, notes: notesOf(parts, lines) };
}

function lineOf(behaviour: Behaviour, { seen, capture, diagnoses, required, shows }: SheetParts): SheetLine {
  const compared = new Observations();
  behaviour.compare?.(capture, compared);
  for (const diagnosis of diagnoses.filter((its) => behaviour.diagnoses.includes(its.diagnosis)))
    addDiagnosis(diagnosis, capture, compared);
  const { rightCount, wrongCount, rights, wrongs } = seen[behaviour.id].and(compared);
  const verdict = wrongCount > 0 ? 'wrong' : rightCount > 0 ? 'right' : 'not-seen';
  return {
    behaviour: behaviour.id,
    title: behaviour.title,
    verdict,
    required: required.has(behaviour.id),
    right: rightCount,
    wrong: wrongCount,
    observations: verdict === 'wrong' ? wrongs : rights,
    possible: shows.has(behaviour.needs),
    next: { right: null, wrong: behaviour.fix, 'not-seen': behaviour.how }[verdict],
  };
}

/** A diagnosis counts in each session in which it shows; the first of its examples stands for them. */
function addDiagnosis(
  { diagnosis, evidence, examples, sessions }: Diagnosis,
  capture: Capture,
  found: Observations,
): void {
  const note = examples.flatMap((key) => capture.partsOf(key).slice(0, 1))[0] ?? capture.parts[0];
  if (!note) return;
  found.wrong(note, () => `${DIAGNOSES[diagnosis].title} (${diagnosis}): ${evidence}`);
  found.wrongCount += Math.max(0, sessions - 1);
}

/** What an input lacks that cannot show some behaviours, and what to give instead. */
const WHAT_SHOWS: Readonly<Record<Exclude<Needs, 'sessions'>, readonly [lack: string, give: string]>> = {
  requests: [
    'no requests',
    'Give request bodies, a HAR, or what omny-consume mock --record FILE.har recorded.',
  ],
  exchanges: [
    'no times and answers of requests',
    'Give a HAR of the browser, or what omny-consume mock --record FILE.har recorded.',
  ],
};

/** Which behaviours the input cannot show, whatever the player does. */
function lackOf(needs: Exclude<Needs, 'sessions'>, lines: readonly SheetLine[]): string[] {
  const ids = lines
    .filter(({ behaviour, verdict, possible }) => {
      return !possible && verdict === 'not-seen' && BEHAVIOURS[behaviour].needs === needs;
    })
    .map(({ behaviour }) => behaviour);
  if (ids.length === 0) return [];
  const [lack, give] = WHAT_SHOWS[needs];
  return [`The input holds ${lack}, so it cannot show ${list(ids, 'or')}. ${give}`];
}

function notesOf(
  { capture, sessions, flawed, diagnoses }: SheetParts,
  lines: readonly SheetLine[],
): string[] {
  const notes = [...lackOf('requests', lines), ...lackOf('exchanges', lines)];
  if (flawed > 0)
    notes.push(
      `${pluralize(flawed, 'session')} of ${sessions} ${flawed === 1 ? 'has' : 'have'} errors, or ${flawed === 1 ? 'plays' : 'play'} nothing, and can show nothing right: omny-consume validate says why.`,
    );
  const others = diagnoses.filter(
    ({ diagnosis }) => !Object.values<Behaviour>(BEHAVIOURS).some((its) => its.diagnoses.includes(diagnosis)),
  );
  for (const { diagnosis, title } of others)
    notes.push(`The player has another bug, so do not trust what looks right: ${title} (${diagnosis}).`);
  const { overlapping } = capture;
  if (overlapping > 0)
    notes.push(
      `${pluralize(overlapping, 'session')} ${overlapping === 1 ? 'begins' : 'begin'} while another one still plays, as with several listeners: sessions that follow each other by chance look like one listener’s. Certify what one player sent.`,
    );
  if (capture.forgets)
    notes.push('There are very many sessions: only the newest were compared with each other.');
  return notes;
}

/**
 * Whether a line fails the sheet. Where some behaviours are required, those alone count: each must be seen, and right. Else every behaviour that
 * was seen must be right.
 */
export function isFailing({ required, verdict }: SheetLine, anyRequired: boolean): boolean {
  if (anyRequired) return required && verdict !== 'right';
  return verdict === 'wrong';
}

/** The sheet as JSON, as `docs/outputs.md` documents it. */
export function sheetJson(sheet: Sheet): object {
  const { lines, sessions, requests, notes } = sheet;
  const count = (verdict: Verdict): number => lines.filter((line) => line.verdict === verdict).length;
  return {
    version: 1,
    passed: isPassed(sheet),
    summary: {
      sessions,
      requests,
      right: count('right'),
      wrong: count('wrong'),
      notSeen: count('not-seen'),
      required: lines.filter(({ required }) => required).length,
    },
    behaviours: lines.map(({ observations, ...line }) => ({
      ...line,
      observations: observations.map(({ session, place, evidence }) => ({
        evidence,
        sessionId: session,
        file: place.input.name,
        line: place.line,
        column: place.column,
        request: place.request,
        entry: place.entry ?? null,
      })),
    })),
    notes,
  };
}

export function isPassed({ lines }: Sheet): boolean {
  const anyRequired = lines.some(({ required }) => required);
  return !lines.some((line) => isFailing(line, anyRequired));
}
