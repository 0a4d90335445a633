import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { readingWords } from '../../src/cli/options/input.js';
import { rowsOf, type SessionEvents, shuffled, simulatedSessions, textOf } from '../table/as-rows.js';
import { runHere } from './in-process.js';

/** Sessions whose clips have other ids: of some of the clips, and of the others. */
const SESSIONS = simulatedSessions({ seed: 5, sessions: 16 });
const CLIPS = [...new Set(SESSIONS.flat().map(({ ClipId }) => ClipId))];
const isMapped = (clip: string) => CLIPS.indexOf(clip) % 3 !== 0;
const MAPPED = SESSIONS.filter(([first]) => isMapped(first!.ClipId)).length;
const episodeOf = (clip: string) => `ep "${CLIPS.indexOf(clip)}"`;
const EPISODES: readonly SessionEvents[] = SESSIONS.map((events) =>
  events.map((event) => ({ ...event, ClipId: episodeOf(event.ClipId) })),
);

let folder = '';
beforeEach(() => {
  const made = mkdtempSync(join(tmpdir(), 'omny-consume-unmapped-'));
  folder = made;
  const map = (clips: readonly string[]) =>
    `from,ClipId\n${clips.map((clip) => `"${episodeOf(clip).replaceAll('"', '""')}",${clip}\n`).join('')}`;
  writeFileSync(join(made, 'some.csv'), map(CLIPS.filter(isMapped)));
  writeFileSync(join(made, 'all.csv'), map(CLIPS));
  return () => rmSync(made, { recursive: true });
});

function write(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

const NOW = ['--now', '1790000000'];
const mapBy = (name: string) => ['--clip-map', join(folder, name), ...NOW];

async function send(args: readonly string[]) {
  const { stdout, stderr, code } = await runHere(['send', '--endpoint', 'mock', '--format', 'json', ...args]);
  return { ...JSON.parse(stdout || '{}'), stderr, code };
}

const INPUTS = [
  ...(['events', 'sessions', 'intervals', 'pings'] as const).flatMap((shape) =>
    (['csv', 'ndjson'] as const).map((format) => ({ shape, format, name: `${shape}.${format}` })),
  ),
  { shape: undefined, format: 'ndjson', name: 'events of a player.ndjson' },
  { shape: undefined, format: 'json', name: 'bodies.json' },
] as const;

function textOfInput({ shape, format }: (typeof INPUTS)[number]): string {
  if (format === 'json')
    return JSON.stringify(EPISODES.map((events) => ({ Source: 'Custom', Events: events, Completed: true })));
  return textOf(shuffled(rowsOf(shape ?? 'events', EPISODES)), format);
}

describe('--skip-unmapped', () => {
  it.each(INPUTS)('leaves the sessions of ids that the map does not hold out of $name', async (input) => {
    const file = write(input.name, textOfInput(input));
    const shape = input.shape ? ['--shape', input.shape] : [];
    const some = await send([...mapBy('some.csv'), '--skip-unmapped', ...shape, file]);
    expect(some).toMatchObject({
      code: 1,
      exitCode: 1,
      sessions: { read: MAPPED, delivered: MAPPED, invalid: 0 },
      unmapped: SESSIONS.length - MAPPED,
      unreadable: 0,
    });
    // What was left out can be sent once the map holds it: all together is what the whole input says.
    const rest = await send([...mapBy('all.csv'), ...shape, `${file}.unmapped`]);
    const whole = await send([...mapBy('all.csv'), ...shape, file]);
    expect(rest).toMatchObject({ code: 0, unmapped: 0, sessions: { delivered: SESSIONS.length - MAPPED } });
    expect(some.events.delivered + rest.events.delivered).toBe(whole.events.delivered);
    if (input.format === 'csv') {
      const [header, ...rows] = readFileSync(file, 'utf8').split('\n');
      const [same, ...left] = readFileSync(`${file}.unmapped`, 'utf8').trimEnd().split('\n');
      expect(same).toBe(header);
      expect(rows.filter((row) => left.includes(row))).toEqual(left);
    }
  });

  it('sends no session without its rows of an id that the map does not hold', async () => {
    const events = EPISODES.find((_, i) => isMapped(SESSIONS[i]![0]!.ClipId))!;
    const [first, ...more] = rowsOf('intervals', [events]);
    const text = textOf([first!, ...more, { ...first!, ClipId: 'another' }], 'csv');
    const file = write('mixed.csv', text);
    expect(await send([...mapBy('some.csv'), '--skip-unmapped', file])).toMatchObject({
      code: 1,
      sessions: { read: 1, delivered: 0, invalid: 1 },
      unmapped: 0,
    });
    expect(readFileSync(`${file}.unmapped`, 'utf8')).toContain(',another,');
    expect(readFileSync(`${file}.refused`, 'utf8')).toContain(events[0]!.SessionId);
  });

  it('is told by every command, and writes nothing there', async () => {
    const file = write('plays.csv', textOfInput(INPUTS[2]!));
    for (const command of ['validate', 'convert', 'report']) {
      const { stdout, stderr, code } = await runHere([
        command,
        ...mapBy('some.csv'),
        '--skip-unmapped',
        file,
      ]);
      expect(code, command).toBe(1);
      expect(stderr, command).toContain(`left out, since these ids are not in the clip map:\n  "ep `);
      expect(stdout, command).not.toContain('guid-format');
    }
    const refused = await runHere(['validate', ...mapBy('some.csv'), file]);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('--skip-unmapped');
    expect(() => readFileSync(`${file}.unmapped`)).toThrow('ENOENT');
  });

  it('is counted in the JSON of validate and report, and said in what report explains', async () => {
    const file = write('plays.csv', textOfInput(INPUTS[2]!));
    const flags = [...mapBy('some.csv'), '--skip-unmapped', file];
    const unmapped = SESSIONS.length - MAPPED;
    const of = async (...args: string[]) => (await runHere([...args, ...flags])).stdout;
    expect(JSON.parse(await of('validate', '--format', 'json')).summary).toMatchObject({ unmapped });
    expect(JSON.parse(await of('report', '--format', 'json')).totals).toMatchObject({ unmapped });
    expect(await of('report', '-v')).toContain(`${unmapped} rows or events of clips that`);
    const whole = await runHere(['validate', '--format', 'json', ...mapBy('all.csv'), file]);
    expect(JSON.parse(whole.stdout).summary).not.toHaveProperty('unmapped');
  });

  it('needs a clip map, and stands in the plan', async () => {
    const file = write('plays.csv', textOfInput(INPUTS[2]!));
    expect(await runHere(['send', '--endpoint', 'mock', '--skip-unmapped', file])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--skip-unmapped needs --clip-map'),
    });
    const plan = await runHere([
      'send',
      '--endpoint',
      'mock',
      '--dry-run',
      ...mapBy('some.csv'),
      '--skip-unmapped',
      file,
    ]);
    expect(plan.code).toBe(1);
    expect(plan.stdout).toContain(
      `${SESSIONS.length - MAPPED} sessions left out: their clips are not in the clip map`,
    );
  });
});

it('a command that reads the same inputs has the options for reading, and their values', () => {
  const args = [
    'send',
    'a.csv',
    '--skip-unmapped',
    '--clip-map',
    'm.csv',
    '--timezone=UTC',
    '--memory',
    '1G',
  ];
  expect(readingWords(args)).toEqual(['--skip-unmapped', '--clip-map', 'm.csv', '--timezone=UTC']);
});
