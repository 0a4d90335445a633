import { isBroken, type NaiveEvent } from './naive-event.js';
import { isGuid, lower, type NaiveSettings } from './naive-json.js';

interface NaiveInterval {
  readonly stop: NaiveEvent;
  /** Milliseconds, as all that follows. */
  readonly audio: number;
  readonly clock: number;
}

interface NaiveProblems {
  readonly problems: readonly { rule: string; at: NaiveEvent }[];
  readonly playedMs: number;
}

const ms = (seconds: number) => Math.round(seconds * 1000);

/** What the Session table of the catalogue says of one session's events, sorted by SeqNumber. */
export function naiveSessionRules(
  session: readonly NaiveEvent[],
  settings: NaiveSettings,
  beganAt: number | null,
): NaiveProblems {
  const problems: { rule: string; at: NaiveEvent }[] = [];
  const report = (rule: string, at: NaiveEvent | undefined) => at && problems.push({ rule, at });

  report('clip-changed', firstOther(session, 'ClipId', isGuid));
  report('organization-changed', firstOther(session, 'OrganizationId', isGuid));
  if (session.some((event) => isBroken(event, settings))) return { problems, playedMs: 0 };
  if (session[0]?.bare) {
    report(
      'source-changed',
      firstOther(session, 'Source', (value) => typeof value === 'string', String),
    );
  }

  const numbers = session.map(({ value }) => value.SeqNumber as number);
  if (numbers[0] !== 1) report('seq-start', session[0]);
  const gap = session.find((_, i) => i > 0 && (numbers[i] as number) > (numbers[i - 1] as number) + 1);
  report('seq-gap', gap);
  const seconds = session.filter((_, i) => numbers.slice(0, i).filter((n) => n === numbers[i]).length === 1);
  for (const second of seconds) report('seq-duplicate', second);
  if (seconds.length > 0) return { problems, playedMs: 0 };

  const { playedMs, fired } = naiveListening(session, settings, beganAt);
  return { problems: [...problems, ...fired], playedMs };
}

/** The rules from `repeated-event` to the end of the table. */
function naiveListening(session: readonly NaiveEvent[], settings: NaiveSettings, beganAt: number | null) {
  const fired: { rule: string; at: NaiveEvent }[] = [];
  const report = (rule: string, at: NaiveEvent | undefined) => at && fired.push({ rule, at });
  const has = (...rules: string[]) => fired.some(({ rule }) => rules.includes(rule));

  const kept: NaiveEvent[] = [];
  for (const event of session) {
    const last = kept.at(-1);
    if (last && isRepeat(event, last)) report('repeated-event', event);
    else kept.push(event);
  }
  const isStart = (event: NaiveEvent | undefined) => event?.value.Type === 'Start';
  for (const [i, event] of kept.entries()) {
    const before = kept[i - 1];
    if (!isStart(event) && !isStart(before)) report('stop-without-start', event);
    if (isStart(event) && isStart(before)) report('start-without-stop', event);
    if (before && ms(event.value.Timestamp) < ms(before.value.Timestamp) - 1000)
      report('timestamp-reversed', event);
  }
  if (isStart(kept.at(-1))) report('session-open', kept.at(-1));

  const intervals: NaiveInterval[] = kept.flatMap((stop, i) => {
    const start = kept[i - 1];
    if (!start || !isStart(start) || isStart(stop)) return [];
    return [
      {
        stop,
        audio: ms(stop.value.Position) - ms(start.value.Position),
        clock: ms(stop.value.Timestamp) - ms(start.value.Timestamp),
      },
    ];
  });
  const playedMs = intervals.reduce((sum, { audio }) => sum + Math.max(0, audio), 0);

  for (const { stop, audio } of intervals) if (audio < -1000) report('position-reversed', stop);
  const times = kept.map(({ value }) => ms(value.Timestamp));
  if (Math.max(...times) - Math.min(...times) <= 1000 && playedMs >= 15_000)
    report('timestamps-at-flush', kept[0]);
  const duration = settings.clips[lower(session[0]?.value.ClipId)];
  const isWithinClip =
    duration !== undefined && kept.every(({ value }) => ms(value.Position) <= ms(duration) + 1000);
  if (isInMilliseconds(kept, intervals) && !isWithinClip) report('position-unit', kept[0]);
  const spread = Math.max(...times) - Math.min(...times);
  const isOfRequest =
    beganAt !== null && Math.max(...times) >= ms(beganAt) - 3000 && Math.max(...times) <= ms(beganAt) + 1000;
  const isTold = has('timestamps-at-flush', 'position-unit');
  if (spread <= 1000 && isOfRequest && playedMs > settings.maxSpeed * (spread + 1000) && !isTold)
    report('timestamps-at-send', kept[0]);
  const most = (clock: number) => settings.maxSpeed * (Math.max(0, clock) + 1000) + 1000;
  for (const { stop, audio, clock } of intervals) {
    const isInClip = duration !== undefined && audio <= ms(duration) + 1000;
    if (audio > 108_000_000 && !isInClip && audio > most(clock) && !has('position-unit'))
      report('interval-too-long', stop);
  }
  for (const { stop, audio, clock } of intervals) {
    const isTold = has('timestamps-at-flush', 'timestamps-at-send', 'position-unit', 'interval-too-long');
    const isFast = clock >= -1000 && audio > most(clock) && !isTold;
    if (isFast) report('playback-too-fast', stop);
    if (clock > 2 * Math.max(0, audio) + 60_000) report('playback-too-slow', stop);
  }
  const isCut = has('stop-without-start', 'start-without-stop', 'session-open', 'position-reversed');
  const ran = intervals.reduce((sum, { clock }) => sum + Math.max(0, clock), 0);
  const isStill = intervals.length > 0 && intervals.every(({ audio }) => audio === 0);
  const isLong = intervals.filter(({ clock }) => clock >= 10_000).length >= 2;
  if (playedMs < 1000 && (isLong || (isStill && ran >= 30_000)) && !isCut) report('nothing-heard', kept[0]);
  const farthest = kept.toSorted((a, b) => ms(b.value.Position) - ms(a.value.Position))[0];
  if (duration !== undefined && farthest && ms(farthest.value.Position) > ms(duration) + 1000) {
    report('position-beyond-clip', farthest);
  }
  const isExplained = isCut || has('position-unit', 'nothing-heard');
  if (playedMs < ms(settings.minDuration) && !isExplained) report('session-too-short', kept[0]);
  return { fired, playedMs: has('position-unit', 'interval-too-long') ? 0 : playedMs };
}

function isRepeat({ value: later }: NaiveEvent, { value: last }: NaiveEvent): boolean {
  const isNear = Math.abs(ms(later.Position) - ms(last.Position)) <= 1000;
  const isSoon = Math.abs(ms(later.Timestamp) - ms(last.Timestamp)) <= 60_000;
  return later.Type === last.Type && isNear && (later.Type === 'Stop' || isSoon);
}

function isInMilliseconds(kept: readonly NaiveEvent[], intervals: readonly NaiveInterval[]): boolean {
  const long = intervals.filter(({ clock }) => clock >= 2000);
  const ratio = ({ audio, clock }: NaiveInterval) => audio / clock;
  if (long.length >= 2) return long.every((interval) => ratio(interval) >= 400 && ratio(interval) <= 6000);
  const [one] = long;
  if (!one || one.clock < 10_000 || ratio(one) < 800 || ratio(one) > 1250) return false;
  return kept.every(({ value }) => Number.isInteger(value.Position));
}

/** The first event whose value of a field differs from that of the first event which has a fit one. */
function firstOther(
  session: readonly NaiveEvent[],
  field: string,
  isFit: (value: unknown) => boolean,
  form: (value: unknown) => unknown = lower,
): NaiveEvent | undefined {
  const fit = session.filter(({ value }) => isFit(value[field]));
  return fit.find(({ value }) => form(value[field]) !== form(fit[0]?.value[field]));
}
