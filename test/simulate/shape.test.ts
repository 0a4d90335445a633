import { describe, expect, test } from 'vitest';
import { PROFILES, type Profile, type SimulatedSession, simulate } from '../../src/simulate/simulate.js';

const SECONDS = 2400;
const CLIPS = [{ id: '7a4df1b1-1c20-4c77-9d2c-8f0f6a1f2a10', seconds: SECONDS }];
const SESSIONS = 4000;

interface Part {
  readonly from: number;
  readonly to: number;
  readonly began: number;
  readonly ended: number;
}

function partsOf({ events }: SimulatedSession): Part[] {
  const played = events.map((event) => event.played!);
  return played.flatMap((start, k) => {
    const stop = played[k + 1];
    if (k % 2 === 1 || !stop) return [];
    return [{ from: start.position, to: stop.position, began: start.timestamp, ended: stop.timestamp }];
  });
}

function sessionsOf(name: Profile | undefined, sessions = SESSIONS): Part[][] {
  const profiles = name && [{ name, weight: 1 }];
  return [...simulate({ seed: 11, sessions, clips: CLIPS, profiles })].map(partsOf);
}

const heard = (parts: readonly Part[]): number => parts.reduce((sum, { from, to }) => sum + to - from, 0);
const share = <T>(all: readonly T[], is: (one: T) => boolean): number => all.filter(is).length / all.length;
const median = (numbers: number[]): number => numbers.sort((a, b) => a - b)[numbers.length >> 1]!;

/** What lies between two parts, by how far and how long. */
function gaps(parts: readonly Part[], is: (jump: number, seconds: number) => boolean): number {
  return parts.slice(1).filter((part, k) => is(part.from - parts[k]!.to, part.began - parts[k]!.ended))
    .length;
}

function shapeOf(all: readonly Part[][]): Record<string, number> {
  const perSession = (is: (jump: number, seconds: number) => boolean): number =>
    all.reduce((sum, parts) => sum + gaps(parts, is), 0) / all.length;
  return {
    finishes: share(all, (parts) => parts.at(-1)!.to >= SECONDS - 1),
    median: median(all.map(heard)),
    ahead: perSession((jump) => jump > 1),
    back: perSession((jump) => jump < -1),
    pauses: perSession((jump, seconds) => jump === 0 && seconds > 1),
    hour: share(all, (parts) => gaps(parts, (jump, seconds) => jump === 0 && seconds > 3600) > 0),
    fast: share(
      all,
      (parts) => heard(parts) > 1.15 * parts.reduce((sum, { began, ended }) => sum + ended - began, 0),
    ),
  };
}

/** Per profile: [least, most] of each figure on a clip of 40 minutes. */
const BOUNDS: Record<Profile, Partial<Record<string, readonly [number, number]>>> = {
  complete: { finishes: [0.7, 0.8], median: [2350, 2400], ahead: [0.3, 0.9], pauses: [0.3, 0.8] },
  'drop-off': { finishes: [0, 0.02], median: [90, 240], ahead: [0, 0.4] },
  skipper: { finishes: [0.2, 0.45], median: [1300, 2200], ahead: [5, 10], back: [0.5, 2.5] },
  pauser: { finishes: [0.4, 0.65], median: [1900, 2400], pauses: [2.5, 5.5], hour: [0.35, 0.75] },
  sampler: { finishes: [0, 0.02], median: [50, 150], ahead: [1.5, 5], back: [0.8, 3] },
  rewinder: { finishes: [0.5, 0.7], median: [2400, 3200], back: [5, 14] },
  speeder: { finishes: [0.45, 0.65], median: [1900, 2400], fast: [0.85, 1] },
  binge: { finishes: [0.45, 0.65], median: [2000, 2400], fast: [0, 0.15] },
  bounce: { finishes: [0, 0.001], median: [2, 7], ahead: [0, 0], back: [0, 0], pauses: [0, 0] },
  tester: { finishes: [0.45, 0.55], median: [20, 2400], ahead: [0.1, 1], back: [0.1, 1] },
};

describe('listeners behave like those of their profile', () => {
  test.each(PROFILES)('%s', (name) => {
    const shape = shapeOf(sessionsOf(name));
    for (const [figure, bounds] of Object.entries(BOUNDS[name])) {
      const [least, most] = bounds!;
      expect(shape[figure], figure).toBeGreaterThanOrEqual(least);
      expect(shape[figure], figure).toBeLessThanOrEqual(most);
    }
  });

  test('a bounce is over before ten seconds of audio', () => {
    expect(Math.max(...sessionsOf('bounce').map(heard))).toBeLessThan(10);
  });

  test('speeds lie between 0.75 and 3', () => {
    for (const parts of sessionsOf('speeder')) {
      for (const { from, to, began, ended } of parts) {
        expect(to - from).toBeLessThanOrEqual(3 * (ended - began + 1));
        expect(to - from).toBeGreaterThanOrEqual(0.75 * (ended - began - 1));
      }
    }
  });

  test('skips are 30 s ahead and 15 s back, to the millisecond', () => {
    const seeks = sessionsOf('complete').flatMap((parts) =>
      parts.slice(1).flatMap(({ from }, k) => {
        const jump = Math.round((from - parts[k]!.to) * 1000);
        return jump === 0 || from === 0 ? [] : [jump];
      }),
    );
    expect(new Set(seeks)).toEqual(new Set([30_000, -15_000]));
  });
});

describe('the default mix looks like a podcast', () => {
  const plays = sessionsOf(undefined, 20_000).filter((parts) => heard(parts) >= 10);
  const retention = (second: number): number =>
    share(plays, (parts) => parts.some(({ from, to }) => from <= second && second < to));

  test('a drop in the first minutes, a slow decline, a small rise of leavers at the end', () => {
    const at = [5, 60, 180, 600, 1200, 1800, 2100, 2300, 2395].map(retention);
    const [first, minute, three, ten, , thirty, , before, last] = at as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    expect(first).toBeGreaterThan(0.88);
    // NPR One, podvynt.com: 15 to 25 % gone after three minutes, most of them in the first.
    expect(first - three).toBeGreaterThan(0.15);
    expect(first - three).toBeLessThan(0.25);
    expect(first - minute).toBeGreaterThan((first - three) / 2);
    expect(three - thirty).toBeGreaterThan(0.04);
    expect(three - thirty).toBeLessThan(0.2);
    expect(ten).toBeGreaterThan(thirty);
    expect(before - last).toBeGreaterThan(thirty - before);
    expect(last).toBeGreaterThan(0.3);
  });

  test('about 40 % hear it to the end', () => {
    const finish = share(plays, (parts) => parts.at(-1)!.to >= SECONDS - 1);
    expect(finish).toBeGreaterThan(0.35);
    expect(finish).toBeLessThan(0.5);
  });

  test('profiles are met as often as their weights say', () => {
    const counts: Partial<Record<string, number>> = {};
    for (const { profile } of simulate({ seed: 2, sessions: 20_000 }))
      counts[profile] = (counts[profile] ?? 0) + 1;
    const weights = { complete: 0.3, 'drop-off': 0.21, skipper: 0.12, binge: 0.06, bounce: 0.03 };
    for (const [profile, weight] of Object.entries(weights)) {
      expect(counts[profile]! / 20_000).toBeGreaterThan(weight * 0.85);
      expect(counts[profile]! / 20_000).toBeLessThan(weight * 1.15);
    }
  });
});

describe('a binge', () => {
  const sessions = [...simulate({ seed: 4, sessions: 800, profiles: [{ name: 'binge', weight: 1 }] })];
  const spans = sessions.map(({ events }) => {
    const [first, last] = [events[0]!.played!, events.at(-1)!.played!];
    return { clip: first.clipId, from: first.position, began: first.timestamp, ended: last.timestamp };
  });
  const follows = (k: number): boolean => {
    const gap = spans[k]!.began - spans[k - 1]!.ended;
    return k % 8 !== 0 && gap >= 0 && gap <= 9;
  };

  test('goes on with another clip within seconds, and stays within its block of eight', () => {
    const alone = spans.filter((_, k) => !(k > 0 && follows(k)) && !(k + 1 < spans.length && follows(k + 1)));
    expect(alone).toEqual([]);
    const changes = spans.filter((_, k) => k > 0 && follows(k) && spans[k]!.clip !== spans[k - 1]!.clip);
    expect(changes.length).toBeGreaterThan(400);
  });

  test('comes back to a clip that it left, where it left it: A, B, A is three sessions', () => {
    const returns = spans.filter(
      (span, k) => k > 1 && follows(k) && span.clip === spans[k - 2]!.clip && span.from > 0,
    );
    expect(returns.length).toBeGreaterThan(30);
  });
});
