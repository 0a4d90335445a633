import type { DrawnEvent, DrawnSession } from './sessions.js';

export interface NaiveOptions {
  readonly binMs: number;
  readonly minMs: number;
  readonly includeInvalid: boolean;
  /** Milliseconds by ClipId. */
  readonly durations: ReadonlyMap<string, number>;
}

/** The figures of report.md, read word by word, with every session at hand: shares no code with src. */
export function naiveReport(
  all: readonly DrawnSession[],
  { binMs, minMs, includeInvalid, durations }: NaiveOptions,
) {
  const counted = all.filter(({ from }) => includeInvalid || from === 1).map(heardOf);
  const times = counted.flatMap(({ kept }) => kept.map(({ at }) => at));
  const sources: Record<string, number> = {};
  for (const name of all.map(({ source }) => source ?? 'Custom').sort())
    sources[name] = (sources[name] ?? 0) + 1;
  const ids = [...new Set(counted.map(({ session }) => session.clip))];
  const clips = ids.map((clipId) => {
    const its = counted.filter(({ session }) => session.clip === clipId);
    const plays = its.filter(({ playedMs }) => playedMs >= minMs);
    const told = all.flatMap(({ clip, told: ms }) => (clip === clipId && ms !== undefined ? [ms] : []));
    const known = durations.get(clipId) ?? (told.length > 0 ? Math.max(...told) : undefined);
    const stops = plays.flatMap(({ kept }) => kept.filter(({ type }) => type === 'Stop').map(({ ms }) => ms));
    const D = known ?? Math.ceil(Math.max(0, ...stops) / 1000) * 1000;
    const bins = Array.from({ length: Math.ceil(D / binMs) }, (_, i) => i);
    const binOf = (ms: number): number => Math.min(Math.floor(ms / binMs), bins.length - 1);
    const tally = (positions: readonly number[]): number[] =>
      bins.map((bin) => positions.filter((ms) => binOf(ms) === bin).length);
    const completions = plays.map(({ heardMs }) => (D === 0 ? 0 : Math.min(1, heardMs / D)));
    const heardMs = sum(plays.map((play) => play.heardMs));
    return {
      clipId,
      duration: D / 1000,
      durationKnown: known !== undefined,
      plays: plays.length,
      verified60: its.filter(({ playedMs }) => playedMs >= 60_000).length,
      filtered: its.length - plays.length,
      totalSeconds: heardMs / 1000,
      averageSeconds: plays.length === 0 ? 0 : Math.floor(heardMs / plays.length + 0.5) / 1000,
      completion: {
        average: thousandths(
          plays.length === 0 ? [0, 1] : [sum(plays.map((p) => Math.min(p.heardMs, D))), plays.length * D],
        ),
        min: thousandths([Math.min(D, ...plays.map((p) => p.heardMs), plays.length === 0 ? 0 : D), D]),
        max: thousandths([Math.min(D, Math.max(0, ...plays.map((p) => p.heardMs))), D]),
        reached: {
          25: completions.filter((share) => share >= 0.25).length,
          50: completions.filter((share) => share >= 0.5).length,
          75: completions.filter((share) => share >= 0.75).length,
          100: plays.filter((play) => play.heardMs >= D - 1000).length,
        },
      },
      retention: bins.map((bin) => {
        const middle = (bin * binMs + Math.min((bin + 1) * binMs, D)) / 2;
        return plays.filter(({ intervals }) => intervals.some(([a, b]) => a <= middle && middle < b)).length;
      }),
      startAt: tally(
        plays.flatMap(({ kept }) =>
          kept
            .filter(({ type }) => type === 'Start')
            .slice(0, 1)
            .map(({ ms }) => ms),
        ),
      ),
      dropOff: tally(
        plays.flatMap(({ kept }) =>
          kept
            .filter(({ type }) => type === 'Stop')
            .slice(-1)
            .map(({ ms }) => ms),
        ),
      ),
      skips: tally(
        plays.flatMap(({ kept }) =>
          kept.flatMap(({ type, ms }, i) => {
            const next = kept[i + 1];
            return type === 'Stop' && next?.type === 'Start' && next.ms > ms + 1000 ? [ms] : [];
          }),
        ),
      ),
    };
  });
  clips.sort((a, b) => b.plays - a.plays || (a.clipId < b.clipId ? -1 : 1));
  return {
    version: 1,
    bin: binMs / 1000,
    minDuration: minMs / 1000,
    totals: {
      sessions: all.length,
      verified: sum(clips.map(({ plays }) => plays)),
      verified60: counted.filter(({ playedMs }) => playedMs >= 60_000).length,
      filtered: sum(clips.map(({ filtered }) => filtered)),
      invalidSessions: all.length - counted.length,
      unreadable: 0,
      totalSeconds: sum(clips.map(({ totalSeconds }) => Math.round(totalSeconds * 1000))) / 1000,
      clips: clips.length,
      firstTimestamp: times.length === 0 ? null : Math.min(...times),
      lastTimestamp: times.length === 0 ? null : Math.max(...times),
      sources,
    },
    clips,
    diagnoses: [],
  };
}

function heardOf(session: DrawnSession) {
  const kept: DrawnEvent[] = [];
  for (const event of session.events) {
    const last = kept.at(-1);
    const near = last?.type === event.type && Math.abs(event.ms - last.ms) <= 1000;
    if (!near || (event.type === 'Start' && Math.abs(event.at - last.at) > 1)) kept.push(event);
  }
  const intervals = kept.flatMap(({ type, ms }, i): [number, number][] => {
    const next = kept[i + 1];
    return type === 'Start' && next?.type === 'Stop' && next.ms > ms ? [[ms, next.ms]] : [];
  });
  const edges = [...new Set(intervals.flat())].sort((a, b) => a - b);
  const heardMs = sum(
    edges.map((from, i) => {
      const to = edges[i + 1] ?? from;
      return intervals.some(([a, b]) => a <= from && to <= b) ? to - from : 0;
    }),
  );
  return { session, kept, intervals, heardMs, playedMs: sum(intervals.map(([a, b]) => b - a)) };
}

/** Half up; the numbers drawn are small enough for this to be exact. */
function thousandths([n, d]: [number, number]): number {
  return d === 0 ? 0 : Math.floor((2000 * n + d) / (2 * d)) / 1000;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
