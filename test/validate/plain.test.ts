import { tmpdir } from 'node:os';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readNdjson } from '../../src/read/ndjson.js';
import { simulate } from '../../src/simulate/simulate.js';
import { type ValidateOptions, validate } from '../../src/validate/validate.js';
import { toWire } from '../../src/wire/event.js';
import { casesOf } from '../cases.js';
import { input } from '../read/lines.js';
import { expectSame } from '../same.js';
import { refusalOf } from './refusal.js';

const NOW = 1_800_000_000;
const INPUT = { index: 0, name: 'x.ndjson' };

async function* chunked(chunks: readonly Buffer[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

function report(chunks: readonly Buffer[], fast: boolean, options: Partial<ValidateOptions> = {}) {
  const records = readNdjson(chunked(chunks), INPUT, { plainUntil: fast ? NOW + 300 : undefined });
  return validate(records, { now: NOW, countSound: fast, ...options });
}

/** Sound sessions with a value moved here and there. */
const nearlySound = fc
  .record({
    seed: fc.nat(1000),
    faults: fc.array(
      fc.record({
        at: fc.nat(),
        field: fc.constantFrom('Position', 'SeqNumber', 'Timestamp', 'Type', 'ClipId'),
        by: fc.constantFrom(0.001, 1, 1.001, -1, -2, 15, 61, -600, 1000),
      }),
      { maxLength: 4 },
    ),
    swap: fc.nat(),
    sources: fc.constantFrom<(i: number) => object>(
      () => ({}),
      () => ({}),
      () => ({ Source: 'MobileApp' }),
      () => ({ Source: 'Web' }),
      () => ({ Source: 'Other' }),
      (i) => ({ Source: i % 9 === 4 ? 'Custom' : 'MobileApp' }),
      (i) => (i % 9 === 4 ? {} : { Source: 'Custom' }),
    ),
    upper: fc.constantFrom('none', 'none', 'all', 'some'),
  })
  .map(({ seed, faults, swap, sources, upper }) => {
    const events = [...simulate({ sessions: 8, seed })].flatMap((session) =>
      session.events.map(({ sound }) => toWire(sound!)),
    );
    for (const { at, field, by } of faults) {
      const i = at % events.length;
      const event = events[i]!;
      if (field === 'Type') events[i] = { ...event, Type: event.Type === 'Stop' ? 'Start' : 'Stop' };
      else if (field === 'ClipId') events[i] = { ...event, ClipId: events[at % 7]!.ClipId };
      else
        events[i] = {
          ...event,
          [field]: field === 'Position' ? event[field] + by : event[field] + Math.ceil(by),
        };
    }
    const [moved] = events.splice(swap % events.length, 1);
    events.splice((swap * 7) % (events.length + 1), 0, moved!);
    const lines = events.map((event, i) => {
      const line = JSON.stringify({ ...event, ...sources(i) });
      const raised = upper === 'all' || (upper === 'some' && i % 7 === 3);
      return raised ? line.replaceAll(/"[0-9a-f-]{36}"/g, (id) => id.toUpperCase()) : line;
    });
    return [Buffer.from(lines.join('\n'))];
  });

describe('a report', () => {
  it('is the same with and without the fast paths, on hostile lines', async () => {
    await fc.assert(
      fc.asyncProperty(input, fc.constantFrom(1, 3000, 1e8), async (chunks, bytes) => {
        const fast = await report(chunks, true, { memory: { bytes, folder: tmpdir() } });
        expectSame(fast, await report(chunks, false));
      }),
      { numRuns: casesOf(100) },
    );
  });

  it('is the same with and without the fast paths, on sound sessions and nearly sound ones', async () => {
    let sound = 0;
    await fc.assert(
      fc.asyncProperty(
        nearlySound,
        fc.constantFrom(4, 1.2),
        fc.constantFrom(10, 60),
        async (chunks, maxSpeed, minDuration) => {
          const fast = await report(chunks, true, { maxSpeed, minDuration });
          expectSame(fast, await report(chunks, false, { maxSpeed, minDuration }));
          if (fast.findings.length < 8) sound += 1;
        },
      ),
      { numRuns: casesOf(100) },
    );
    expect(sound).toBeGreaterThan(casesOf(10));
  });

  it('is the same where sessions are cut short, whatever the severity of what is found in them', async () => {
    let short = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.nat(1000),
        fc.array(fc.nat(7), { minLength: 12, maxLength: 12 }),
        fc.constantFrom(10, 600),
        fc.constantFrom('error', 'warning', 'off'),
        fc.constantFrom(0, 3),
        async (seed, cuts, minDuration, severity, maxFindings) => {
          const lines = [...simulate({ sessions: 12, seed })].flatMap(({ events }, i) =>
            events.slice(0, Math.max(1, events.length - cuts[i]!)).map(({ sound }, at) => {
              const line = JSON.stringify(toWire(sound!));
              return (i + at) % 5 === 0
                ? line.replaceAll(/"[0-9a-f-]{36}"/g, (id) => id.toUpperCase())
                : line;
            }),
          );
          const chunks = [Buffer.from(lines.join('\n'))];
          const severities = new Map([
            ['session-open', severity],
            ['session-too-short', severity],
          ] as const);
          const options = { minDuration, severities, maxFindings };
          const fast = await report(chunks, true, options);
          expectSame(fast, await report(chunks, false, options));
          short += fast.findings.length;
        },
      ),
      { numRuns: casesOf(60) },
    );
    expect(short).toBeGreaterThan(casesOf(60));
  });

  it('is the same at every threshold of the session rules', async () => {
    const lines: string[] = [];
    for (const audio of [
      -1.001, -1, 0, 1, 9.999, 10, 14.999, 15, 17, 17.001, 59, 400, 799, 800, 1e4, 25_000,
    ]) {
      for (const clock of [-2, -1.001, -1, 0, 1, 1.001, 2, 10, 12, 60, 61, 80, 81, 94, 96, 2000]) {
        for (const pause of [0, 1, -1.001, 61]) {
          const session = `2ec9d456-c870-4694-ad69-${lines.length.toString(16).padStart(12, '0')}`;
          const clip = '4ddf17e1-0c8c-4ed0-ab3a-151071fc4da4';
          const moments = [
            ['Start', 5, 0],
            ['Stop', 5 + audio, clock],
            ['Start', 5 + audio, clock + pause],
            ['Stop', 6 + audio, clock + pause + 1],
          ] as const;
          // Whole seconds are what sound events have: a fraction goes the general way by itself.
          lines.push(
            ...moments.map(([Type, position, time], i) =>
              JSON.stringify({
                OrganizationId: clip.replace('4', '5'),
                ClipId: clip,
                SessionId: session,
                Type,
                Position: Math.max(0, position),
                SeqNumber: i + 1,
                Timestamp: 1_700_000_000 + Math.trunc(time),
              }),
            ),
          );
        }
      }
    }
    const chunks = [Buffer.from(lines.join('\n'))];
    const general = await report(chunks, false);
    expect(await report(chunks, true)).toStrictEqual(general);
    expect(general.findings.length).toBeGreaterThan(100);
    expect(general.findings.length).toBeLessThan(lines.length);
  });

  it('refuses other organizations alike', async () => {
    await fc.assert(
      fc.asyncProperty(input, async (chunks) => {
        const told = (fast: boolean) =>
          refusalOf(
            readNdjson(chunked(chunks), INPUT, { plainUntil: fast ? NOW + 300 : undefined }),
            '126281F8-200e-4c9f-8378-a4870055423b',
          );
        expect(await told(true)).toBe(await told(false));
      }),
      { numRuns: casesOf(60) },
    );
  });
});
