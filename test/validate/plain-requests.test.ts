import { tmpdir } from 'node:os';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Causes } from '../../src/causes/causes.js';
import type { RuleId } from '../../src/domain/finding.js';
import { readNdjson } from '../../src/read/ndjson.js';
import { simulate } from '../../src/simulate/simulate.js';
import { inspect } from '../../src/validate/inspect.js';
import type { Inspected } from '../../src/validate/inspected.js';
import { INSPECT_DEFAULTS, type InspectOptions, type SeverityInForce } from '../../src/validate/options.js';
import { validate } from '../../src/validate/validate.js';
import { toWire, type WireEvent } from '../../src/wire/event.js';
import { casesOf } from '../cases.js';
import { bodyLines } from '../read/bodies.js';
import { inputOf } from '../read/lines.js';
import { expectSame } from '../same.js';
import { refusalOf } from './refusal.js';

const NOW = 1_800_000_000;
const INPUT = { index: 0, name: 'x.ndjson' };
const OTHER_ORGANIZATION = '5ddf17e1-0c8c-4ed0-ab3a-151071fc4da4';

async function* chunked(chunks: readonly Buffer[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

type Options = Partial<InspectOptions>;

function reading(chunks: readonly Buffer[], fast: boolean) {
  return readNdjson(chunked(chunks), INPUT, { plainUntil: fast ? NOW + 300 : undefined });
}

function report(chunks: readonly Buffer[], fast: boolean, options: Options = {}) {
  return validate(reading(chunks, fast), { now: NOW, countSound: fast, ...options });
}

async function inspected(chunks: readonly Buffer[], fast: boolean, options: Options = {}) {
  const all: Inspected[] = [];
  for await (const some of inspect(reading(chunks, fast), { ...INSPECT_DEFAULTS, now: NOW, ...options }))
    all.push(...some);
  return all;
}

type Drawn = typeof options extends fc.Arbitrary<infer T> ? T : never;

const options = fc.record({
  maxSpeed: fc.constantFrom(4, 4, 1.2),
  minDuration: fc.constantFrom(10, 10, 60, 0),
  within: fc.constantFrom(
    undefined,
    undefined,
    { since: 1_700_000_150, until: NOW },
    { since: 0, until: 1_700_000_150 },
    { since: NOW, until: NOW },
  ),
  severities: fc.constantFrom(
    new Map<RuleId, SeverityInForce>(),
    new Map<RuleId, SeverityInForce>([
      ['session-too-short', 'error'],
      ['session-split', 'off'],
      ['session-resent', 'warning'],
      ['organization-mismatch', 'error'],
    ]),
  ),
  /** Whether clips are known to last 20 s. */
  durations: fc.constantFrom(false, false, true),
});

/** The settings that were drawn, for an input of these bytes. */
function settingsFor(chunks: readonly Buffer[], { durations, ...settings }: Drawn): Options {
  const clips = Buffer.concat(chunks)
    .toString()
    .matchAll(/"ClipId":"([^"]*)"/g);
  const clipDurations = new Map(durations ? [...clips].map(([, id]) => [id!.toLowerCase(), 20]) : []);
  return { ...settings, clipDurations };
}

/** Bodies of sound sessions, with a value moved here and there, sessions sent again, whole or in parts, and bodies that only the general path reads. */
const nearlySound = fc
  .record({
    seed: fc.nat(1000),
    sessions: fc.integer({ min: 1, max: 12 }),
    faults: fc.array(
      fc.record({
        at: fc.nat(),
        field: fc.constantFrom(
          'Position',
          'SeqNumber',
          'Timestamp',
          'Type',
          'ClipId',
          'SessionId',
          'OrganizationId',
        ),
        by: fc.constantFrom(0.001, 1, 1.001, -1, -2, 15, 61, -600, 1000),
      }),
      { maxLength: 4 },
    ),
    sizes: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 }),
    shuffled: fc.boolean(),
    again: fc.array(fc.record({ body: fc.nat(), at: fc.nat(), drop: fc.nat(3), general: fc.boolean() }), {
      maxLength: 5,
    }),
    upper: fc.constantFrom('none', 'none', 'all', 'some'),
    general: fc.constantFrom<(i: number) => boolean>(
      () => false,
      () => false,
      (i) => i % 3 === 1,
    ),
    bare: fc.boolean(),
  })
  .map(({ seed, sessions, faults, sizes, shuffled, again, upper, general, bare }) => {
    const events: WireEvent[] = [...simulate({ sessions, seed })].flatMap((session) =>
      session.events.map(({ sound }) => toWire(sound!)),
    );
    for (const { at, field, by } of faults) change(events, at, field, by);
    if (shuffled) events.sort((a, b) => a.Timestamp - b.Timestamp || a.SeqNumber - b.SeqNumber);
    const bodies: WireEvent[][] = [];
    for (let at = 0, n = 0; at < events.length; n += 1) {
      bodies.push(events.slice(at, at + sizes[n % sizes.length]!));
      at += sizes[n % sizes.length]!;
    }
    const lines = bodies.map((some, n) => written(some, n, upper, general(n)));
    for (const { body, at, drop, general: slow } of again) {
      const some = bodies[body % bodies.length]!.slice(drop);
      lines.splice(at % (lines.length + 1), 0, written(some, at, upper, slow));
    }
    if (bare) lines.splice(lines.length >> 1, 0, ...events.slice(-3).map((event) => JSON.stringify(event)));
    return [Buffer.from('\n'), Buffer.from(`${lines.join('\n')}\n`)];
  });

function change(events: WireEvent[], at: number, field: keyof WireEvent, by: number): void {
  const i = at % events.length;
  const event = events[i]!;
  if (field === 'Type') events[i] = { ...event, Type: event.Type === 'Stop' ? 'Start' : 'Stop' };
  else if (field === 'OrganizationId') events[i] = { ...event, OrganizationId: OTHER_ORGANIZATION };
  else if (field === 'ClipId' || field === 'SessionId')
    events[i] = { ...event, [field]: events[(at % 7) % events.length]![field] };
  else
    events[i] = {
      ...event,
      [field]: field === 'Position' ? event[field] + by : event[field] + Math.ceil(by),
    };
}

/** @param general Written so that only the general path reads it. */
function written(events: readonly WireEvent[], n: number, upper: string, general: boolean): string {
  const body = JSON.stringify({
    Source: n % 5 === 4 ? 'MobileApp' : 'Custom',
    Events: events,
    Completed: true,
  });
  let ids = 0;
  const isRaised = (): boolean => upper === 'all' || (upper === 'some' && (ids++ + n) % 7 === 2);
  const raised = body.replaceAll(/"[0-9a-f-]{36}"/g, (id) => (isRaised() ? id.toUpperCase() : id));
  return general ? raised.replaceAll('"Source"', '"S\\u006furce"') : raised;
}

describe('a report on request bodies', () => {
  it('is the same with and without the fast paths, on hostile lines', async () => {
    await fc.assert(
      fc.asyncProperty(inputOf(bodyLines), fc.constantFrom(1, 1e8), async (chunks, bytes) => {
        const fast = await report(chunks, true, { memory: { bytes, folder: tmpdir() } });
        expectSame(fast, await report(chunks, false));
      }),
      { numRuns: casesOf(150) },
    );
  });

  it('is the same with and without the fast paths, on sound sessions and nearly sound ones', async () => {
    let sound = 0;
    const fired = new Set<RuleId>();
    await fc.assert(
      fc.asyncProperty(nearlySound, options, async (chunks, drawn) => {
        const settings = settingsFor(chunks, drawn);
        const fast = await report(chunks, true, settings);
        expectSame(fast, await report(chunks, false, settings));
        if (fast.summary.errors === 0) sound += 1;
        for (const { rule } of fast.findings) fired.add(rule);
      }),
      { numRuns: 300 },
    );
    expect(sound).toBeGreaterThan(20);
    for (const rule of [
      'session-split',
      'session-resent',
      'organization-mismatch',
      'session-too-short',
    ] as const)
      expect(fired).toContain(rule);
  });

  it('tells the same, thing for thing, where sessions are given', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(nearlySound, inputOf(bodyLines)), options, async (chunks, drawn) => {
        const settings = settingsFor(chunks, drawn);
        const fast = await inspected(chunks, true, settings);
        expectSame(fast, await inspected(chunks, false, settings));
      }),
      { numRuns: casesOf(200) },
    );
  });

  it('rests on the same causes', async () => {
    const sessions = [...simulate({ sessions: 60, seed: 5 })].map(({ events }) =>
      events.map(({ sound }) => toWire(sound!)),
    );
    // A player that keeps its SessionId: what comes later is another play of the same.
    const moved = (events: readonly WireEvent[], seconds: number) =>
      events.map((event, i) => ({
        ...event,
        Position: Math.max(0, event.Position - events[0]!.Position),
        Timestamp: event.Timestamp + seconds + i,
      }));
    const kept = sessions
      .slice(0, 24)
      .flatMap((events, n) =>
        n % 2 === 0 ? [moved(events, 1e7), moved(events, 2e7)] : [moved(events, -1e7)],
      );
    const lines = [...sessions, ...kept].map((events, n) => written(events, n, 'none', n % 7 === 3));
    const chunks = [Buffer.from('\n'), Buffer.from(`${lines.join('\n')}\n`)];
    const fast = await report(chunks, true);
    const told = fast.causes.find(({ cause }) => cause === 'session-id-kept');
    expect(told?.sessions).toBeGreaterThan(12);
    expect(told?.sessions).toBeLessThanOrEqual(24);
    expectSame(fast, await report(chunks, false));
    const causes = new Causes({ ...INSPECT_DEFAULTS, now: NOW });
    await inspected(chunks, true, { causes });
    expect(causes.end()).toEqual(fast.causes);
  });

  it('counts what is sound, and makes no session of it', async () => {
    const lines = [...simulate({ sessions: 40, seed: 2 })].map(({ events }, n) =>
      written(
        events.map(({ sound }) => toWire(sound!)),
        n,
        'none',
        false,
      ),
    );
    const told = await inspected([Buffer.from('\n'), Buffer.from(`${lines.join('\n')}\n`)], true, {
      countSound: true,
    });
    const counted = told.reduce((sum, each) => (each.kind === 'counted' ? sum + each.sessions : sum), 0);
    expect(counted).toBeGreaterThan(20);
    expect(told.filter(({ kind }) => kind === 'session')).toHaveLength(40 - counted);
  });

  it('refuses other organizations alike', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(nearlySound, inputOf(bodyLines)), async (chunks) => {
        const told = (fast: boolean) => refusalOf(reading(chunks, fast), OTHER_ORGANIZATION);
        expect(await told(true)).toBe(await told(false));
      }),
      { numRuns: casesOf(100) },
    );
  });
});
