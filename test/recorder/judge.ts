import { readInputs } from '../../src/read/read.js';
import { validate } from '../../src/validate/validate.js';
import type { WireEvent } from '../../src/wire/event.js';
import type { Speed } from './media-element.js';
import { ENDPOINT, ORGANIZATION } from './page.js';
import { type Cut, capture, type Outcome } from './script.js';
import type { Exchange } from './server.js';

/** How far an interval may be from what was played, in seconds of listening. */
export const TOLERANCE = 0.5;
/** What may be missing of the last moments before a kill, or of sleep of the computer. */
const TOLERANCE_OF_CUTS = 1.5;

/** A session as it was sent, and what became of it. */
interface Sent {
  readonly clip: string;
  readonly events: readonly WireEvent[];
  readonly exchanges: readonly Exchange[];
}

/** A stretch of audio, and when it was played (ms). */
export interface Interval {
  readonly clip: string;
  readonly from: number;
  readonly to: number;
  readonly began: number;
  readonly ended: number;
}

/** Everything that is wrong with what a recorder sent: nothing of a correct one. */
export async function problemsOf(outcome: Outcome): Promise<readonly string[]> {
  const { exchanges, now } = outcome;
  return [...deliveryProblemsOf(outcome), ...(exchanges.length > 0 ? await findings(exchanges, now) : [])];
}

/** What is wrong apart from what the rules find. */
export function deliveryProblemsOf({ played, speeds, cuts, exchanges, storage }: Outcome): readonly string[] {
  const sessions = sessionsOf(exchanges);
  const intervals = [...sessions.values()].flatMap(intervalsOf);
  return [
    ...exchanges.flatMap(requestProblems),
    ...deliveryProblems(sessions, exchanges),
    ...coverageProblems(played, intervals, { cuts, speeds, complete: !exchanges.some(saysDisabled) }),
    ...Object.keys(storage).map((key) => `left in the storage: ${key}`),
  ];
}

/** The page was told not to send any more. */
function saysDisabled({ answer, told }: Exchange): boolean {
  return told !== null && /false/.test(answer);
}

function requestProblems({ url, type, body }: Exchange): string[] {
  const problems: string[] = [];
  if (url !== `${ENDPOINT}?organizationId=${ORGANIZATION}`) problems.push(`wrong URL: ${url}`);
  if (type !== 'application/json') problems.push(`wrong type: ${type}`);
  if (body.length > 60 * 1024) problems.push(`a request of ${body.length} bytes`);
  return problems;
}

function sessionsOf(exchanges: readonly Exchange[]): ReadonlyMap<string, Sent> {
  const sessions = new Map<string, Sent>();
  for (const exchange of exchanges) {
    const { Events } = JSON.parse(exchange.body) as { Events: WireEvent[] };
    for (const event of Events) {
      const before = sessions.get(event.SessionId);
      const again = before?.exchanges.at(-1) !== exchange;
      sessions.set(event.SessionId, {
        clip: event.ClipId,
        events: again ? [event] : [...before!.events, event],
        exchanges: again ? [...(before?.exchanges ?? []), exchange] : before!.exchanges,
      });
    }
  }
  return sessions;
}

/** Each session is counted once; not at all only where the page could not know, or was told something else than to come again. */
function deliveryProblems(sessions: ReadonlyMap<string, Sent>, exchanges: readonly Exchange[]): string[] {
  const problems: string[] = [];
  const off = exchanges.filter(saysDisabled);
  for (const [id, { exchanges: its }] of sessions) {
    const counted = its.filter((exchange) => exchange.counted);
    const answerLost = counted.filter(({ status, told }) => status === 0 && told !== null);
    if (counted.length > 1 + answerLost.length) problems.push(`counted ${counted.length} times: ${id}`);
    const retries = its.every(({ told }) => told === 0 || told === 429 || told === 503);
    if (counted.length === 0 && retries && off.length === 0) problems.push(`never counted: ${id}`);
  }
  for (const { page, at } of off) {
    const later = exchanges.filter((each) => each.page === page && each.at > at + 300);
    if (later.length > 0) problems.push(`page ${page} sent after Enabled: false`);
  }
  return problems;
}

/** What was sent is what was played and, where all that was sent is known, the reverse. */
export function coverageProblems(
  played: readonly Interval[],
  sent: readonly Interval[],
  known: Known & { readonly complete: boolean },
): string[] {
  const extra = sent
    .map((each) => ({ each, seconds: uncovered(each, played, known) }))
    .filter(({ each, seconds }) => seconds > toleranceOf(each, known))
    .map(({ each, seconds }) => `not played: ${seconds.toFixed(2)} s of ${shown(each)}`);
  const missing = joined(known.complete ? played : [])
    .map((each) => ({ each, seconds: uncovered(each, sent, known) }))
    .filter(({ each, seconds }) => seconds > toleranceOf(each, known))
    .map(({ each, seconds }) => `not sent: ${seconds.toFixed(2)} s of ${shown(each)}`);
  return [...extra, ...missing];
}

/** What allows for differences. */
interface Known {
  readonly cuts: readonly Cut[];
  /** Of each audio element, in order of time. */
  readonly speeds: readonly (readonly Speed[])[];
}

/** Longer where audio is fast: a moment is more of it. */
function toleranceOf(interval: Interval, { cuts, speeds }: Known): number {
  const seconds = cutsAt(interval, cuts).length > 0 ? TOLERANCE_OF_CUTS : TOLERANCE;
  return seconds * Math.max(1, ...speeds.map((each) => fastest(each, interval)));
}

/** The highest speed of an element at about the time of an interval. */
function fastest(speeds: readonly Speed[], { began, ended }: Interval): number {
  const meanwhile = speeds.filter(
    ({ since }, i) => since < ended + 500 && (speeds[i + 1]?.since ?? Number.POSITIVE_INFINITY) > began - 500,
  );
  return Math.max(1, ...meanwhile.map(({ speed }) => speed));
}

export function intervalsOf({ clip, events }: Pick<Sent, 'clip' | 'events'>): Interval[] {
  const intervals: Interval[] = [];
  for (let i = 0; i + 1 < events.length; i += 2) {
    const [start, stop] = [events[i]!, events[i + 1]!];
    intervals.push({
      clip,
      from: start.Position,
      to: stop.Position,
      began: start.Timestamp * 1000,
      ended: stop.Timestamp * 1000 + 999,
    });
  }
  return intervals;
}

/** Audio that continued at the same position a moment later is one stretch. */
function joined(played: readonly Interval[]): Interval[] {
  const all: Interval[] = [];
  for (const each of played) {
    const last = all.at(-1);
    const follows =
      last?.clip === each.clip && Math.abs(last.to - each.from) < 0.01 && each.began - last.ended < 300;
    if (follows) all[all.length - 1] = { ...last, to: each.to, ended: each.ended };
    else all.push(each);
  }
  return all;
}

function cutsAt({ began, ended }: Interval, cuts: readonly Cut[]): readonly Cut[] {
  return cuts.filter(({ at, until }) => until >= began - 2000 && at <= ended + 2000);
}

/** How many seconds of an interval none of the others holds, of those at about its time. */
function uncovered(interval: Interval, others: readonly Interval[], { cuts }: Known): number {
  const slack = 1500 + Math.max(0, ...cutsAt(interval, cuts).map(({ at, until }) => until - at));
  const near = others
    .filter(
      ({ clip, began, ended }) =>
        clip === interval.clip && began < interval.ended + slack && ended > interval.began - slack,
    )
    .toSorted((a, b) => a.from - b.from);
  let at = interval.from;
  let lacks = 0;
  for (const { from, to } of near) {
    if (from >= interval.to) break;
    lacks += Math.max(0, from - at);
    at = Math.max(at, to);
  }
  return lacks + Math.max(0, interval.to - at);
}

function shown({ clip, from, to, began, ended }: Interval): string {
  return `${clip.slice(-4)} ${from.toFixed(2)}–${to.toFixed(2)} at ${began}–${ended}`;
}

/** What the rules find: no error, no warning, no diagnosis. Too short a session, and a retry, are no fault. */
export async function findings(exchanges: readonly Exchange[], now: number): Promise<string[]> {
  const bytes = (async function* () {
    yield Buffer.from(capture(exchanges));
  })();
  const report = await validate(readInputs([{ name: 'capture.har', bytes }], { format: 'har' }), {
    now: now / 1000,
  });
  return [
    ...report.rules
      .filter(({ rule }) => rule !== 'session-too-short' && rule !== 'session-resent')
      .map(({ rule, findings }) => `${rule} (${findings})`),
    ...report.diagnoses.map(({ diagnosis }) => `diagnosis ${diagnosis}`),
  ];
}
