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

/** A line of a sheet, as plain data. */
export interface SheetLine {
  readonly behaviour: BehaviourId;
  /** What the player does: `Pauses and continues`. */
  readonly title: string;
  readonly verdict: Verdict;
  readonly required: boolean;
  /** How often it was seen right, and wrong. */
  readonly right: number;
  readonly wrong: number;
  /** The first few observations that decide: the wrong ones if there are any, otherwise the right ones. */
  readonly observations: readonly Observation[];
  /** Whether this kind of input can show the behaviour: bare events, for example, show no requests. */
  readonly possible: boolean;
  /** If wrong, how to fix the player; if not seen, how to show the behaviour; otherwise null. */
  readonly next: string | null;
}

/** The behaviours that an input shows. */
export interface Sheet {
  readonly lines: readonly SheetLine[];
  readonly sessions: number;
  readonly requests: number;
  /** Remarks about the whole input, as sentences. */
  readonly notes: readonly string[];
}

const MAX_OBSERVATIONS = 3;

/** Counts the observations of one behaviour, and keeps the first few. */
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

  /** The observations of this object, followed by those of another. */
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

/** The data from which a sheet is made. */
export interface SheetParts {
  /** The observations in single sessions and requests, by behaviour. */
  readonly seen: Readonly<Record<BehaviourId, Observations>>;
  readonly capture: Capture;
  readonly diagnoses: readonly Diagnosis[];
  readonly required: ReadonlySet<BehaviourId>;
  readonly sessions: number;
  readonly requests: number;
  /** How many of the sessions have an error or play nothing. */
  readonly flawed: number;
  /** The kinds of data in the input. */
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
    next: { right: null, wrong: behaviour.fix, 'not-seen': howTo(behaviour, required) }[verdict],
  };
}

function howTo({ id, how }: Behaviour, required: ReadonlySet<BehaviourId>): string {
  return required.has(id)
    ? `${how} If you did that, the player did not report it, or lost the session.`
    : how;
}

/** Adds a diagnosis as wrong: once for each session that shows it, but with only one observation, at its first example. */
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

/** For an input that cannot show some behaviours: what it lacks, and what input to give instead. */
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

/** A remark that names the behaviours which this input can never show; empty if there are none. */
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
 * Whether a line fails the sheet. If behaviours are required, only those count: each must be seen right. Otherwise, every
 * behaviour that was seen must be right.
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
