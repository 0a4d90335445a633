import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runHere } from '../cli/in-process.js';
import { simulatedSessions, textOf } from '../table/as-rows.js';

let folder: string;
const at = (name: string): string => join(folder, name);
const SESSIONS = simulatedSessions({ sessions: 450, seed: 2 });
const EVENTS = SESSIONS.flat();
/** Events of which one is lost in the middle: 4,000. */
const lost = EVENTS.findIndex(
  ({ SeqNumber }, i) => i > 2000 && SeqNumber === 2 && EVENTS[i + 1]?.SeqNumber === 3,
);
const CAPTURE = EVENTS.toSpliced(lost, 1).slice(0, 4000);
const ORGANIZATION = EVENTS[0]!.OrganizationId;

function jsonLines(values: readonly unknown[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join('');
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'shrink-'));
  writeFileSync(at('capture.ndjson'), jsonLines(CAPTURE));
  writeFileSync(at('valid.ndjson'), jsonLines(SESSIONS[0]!));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs `shrink`, and what it says checks the result. */
async function shrunk(...args: string[]): Promise<{ readonly text: string; readonly said: string }> {
  const { stdout, stderr, code } = await runHere(['shrink', ...args]);
  expect({ code, stderr }).toEqual({ code: 0, stderr });
  return { text: stdout, said: stderr };
}

async function rulesIn(file: string, ...args: string[]): Promise<readonly string[]> {
  const { stdout } = await runHere(['validate', '--format', 'json', ...args, file]);
  const { findings } = JSON.parse(stdout) as { findings: { rule: string }[] };
  return findings.map(({ rule }) => rule);
}

describe('a capture of 4,000 events', () => {
  it('shrinks to 2 events, and to the finding alone', async () => {
    const { said } = await shrunk('--rule', 'seq-gap', '-o', at('ticket.ndjson'), at('capture.ndjson'));
    expect(said).toMatch(/^4,000 events in \d+ sessions → 2 events in 1 session \(\d+ checks, [\d.]+ s\)\n/);
    expect(said).toContain(`Check it: omny-consume validate ${at('ticket.ndjson')}\n`);
    const events = readFileSync(at('ticket.ndjson'), 'utf8').trim().split('\n');
    expect(events.map((line) => JSON.parse(line) as unknown)).toEqual([
      {
        OrganizationId: 'aaaaaaaa-0000-4000-8000-000000000001',
        ClipId: 'cccccccc-0000-4000-8000-000000000001',
        SessionId: '5eed0000-0000-8000-8000-000000000001',
        Type: 'Start',
        Position: 0,
        SeqNumber: 1,
        Timestamp: 1_735_689_600,
      },
      {
        OrganizationId: 'aaaaaaaa-0000-4000-8000-000000000001',
        ClipId: 'cccccccc-0000-4000-8000-000000000001',
        SessionId: '5eed0000-0000-8000-8000-000000000001',
        Type: 'Stop',
        Position: 10,
        SeqNumber: 3,
        Timestamp: 1_735_689_610,
      },
    ]);
    expect(await rulesIn(at('ticket.ndjson'))).toEqual(['seq-gap']);
  });

  it('comes from standard input, from gzip and from several files', async () => {
    const stdin = new PassThrough();
    stdin.end(jsonLines(CAPTURE));
    const piped = await runHere(['shrink', '--rule', 'seq-gap', '-q'], stdin);
    expect(piped).toMatchObject({ code: 0, stderr: '' });
    expect(piped.stdout.trim().split('\n')).toHaveLength(2);
    writeFileSync(at('capture.ndjson.gz'), gzipSync(jsonLines(CAPTURE)));
    expect((await shrunk('--rule', 'seq-gap', at('capture.ndjson.gz'))).text).toBe(piped.stdout);
    const both = await shrunk('--rule', 'seq-gap', at('valid.ndjson'), at('capture.ndjson'));
    expect(both.text).toBe(piped.stdout);
  });

  it('is found where the two halves of a session stand in two files', async () => {
    const [session] = SESSIONS.filter((events) => events.length >= 4);
    writeFileSync(at('first.ndjson'), jsonLines(session!.slice(0, 2)));
    writeFileSync(at('rest.json'), JSON.stringify(session!.slice(3)));
    const { text } = await shrunk('--rule', 'seq-gap', at('first.ndjson'), at('rest.json'));
    expect(JSON.parse(text)).toHaveLength(2);
  });
});

it('prints a fixture whose text has the findings that it lists', async () => {
  const { text } = await shrunk('--rule', 'seq-gap', '--as', 'fixture', at('capture.ndjson'));
  const fixture = JSON.parse(text) as {
    text: string;
    file: string;
    rule: string;
    findings: { rule: string }[];
  };
  expect(fixture).toMatchObject({ version: 1, rule: 'seq-gap', file: 'seq-gap.ndjson', diagnoses: [] });
  writeFileSync(at(fixture.file), fixture.text);
  expect(await rulesIn(at(fixture.file))).toEqual(fixture.findings.map(({ rule }) => rule));
});

it('prints a curl command for each Source, with bare events in a request', async () => {
  const events = SESSIONS[0]!.slice(0, 2).map((event) => ({ ...event, Source: 'My Player' }));
  writeFileSync(at('source.ndjson'), jsonLines(events));
  const { text } = await shrunk('--rule', 'source-unknown', '--as', 'curl', at('source.ndjson'));
  expect(text).toContain("'http://127.0.0.1:8787/api/consumption/events?organizationId=aaaaaaaa-");
  expect(text).toContain('"Source":"Player1"');
  expect(text).not.toContain('My Player');
});

describe('a table', () => {
  const rows = EVENTS.slice(0, 600).map(({ ClipId, SessionId, Type, Position, Timestamp }) => ({
    episode_guid: ClipId,
    SessionId,
    Type,
    Position,
    Timestamp,
    listener: 'alice@example.com',
  }));
  const broken = rows.with(300, { ...rows[300]!, Position: -4.25 });

  it('keeps the columns that the finding needs, and the organization that --organization gave', async () => {
    writeFileSync(at('rows.csv'), textOf(broken, 'csv'));
    const options = ['--map', 'ClipId=episode_guid', '--organization', ORGANIZATION];
    const file = at('few.csv');
    const { said } = await shrunk('--rule', 'position-range', ...options, '-o', file, at('rows.csv'));
    expect(said).toContain(`Check it: omny-consume validate --map ClipId=episode_guid ${file}\n`);
    const [header, ...left] = readFileSync(file, 'utf8').trim().split('\n');
    expect(left).toHaveLength(1);
    expect(header).not.toMatch(/listener/);
    expect(left[0]).not.toMatch(/alice|4\.25/);
    expect(await rulesIn(file, '--map', 'ClipId=episode_guid')).toContain('position-range');
  });

  it('of JSON objects stays one', async () => {
    writeFileSync(at('rows.ndjson'), textOf(broken, 'ndjson'));
    const options = ['--map', 'ClipId=episode_guid', '--organization', ORGANIZATION];
    const { text } = await shrunk('--rule', 'position-range', ...options, at('rows.ndjson'));
    expect(text.trim().split('\n')).toHaveLength(1);
    expect(JSON.parse(text)).toMatchObject({ Position: -1 });
    expect(text).not.toMatch(/alice/);
  });

  it('has no curl command', async () => {
    const result = await runHere([
      'shrink',
      '--rule',
      'syntax',
      '--as',
      'curl',
      'fixtures/demo/plays-broken.csv',
    ]);
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toMatch(/--as curl needs events or requests/);
  });
});

it('names the durations of clips that the finding needs', async () => {
  const [first, second] = SESSIONS[0]!;
  writeFileSync(at('beyond.ndjson'), jsonLines([first, { ...second, Position: 500 }]));
  writeFileSync(at('clips.csv'), `ClipId,Duration\n${first!.ClipId},321\n`);
  const file = at('beyond-few.ndjson');
  const options = ['--rule', 'position-beyond-clip', '--clips', at('clips.csv')];
  const { said } = await shrunk(...options, '-o', file, at('beyond.ndjson'));
  const [, rows] = /give --clips a file with these lines: (.*)\n/.exec(said) ?? [];
  expect(rows).toBe('ClipId,Duration / cccccccc-0000-4000-8000-000000000001,321');
  writeFileSync(at('few-clips.csv'), rows!.replaceAll(' / ', '\n'));
  expect(await rulesIn(file, '--clips', at('few-clips.csv'))).toContain('position-beyond-clip');
});

it('draws a diagnosis', async () => {
  const stuck = SESSIONS.slice(0, 60).flatMap((events) =>
    events.map((event) => ({ ...event, Position: 12.5 })),
  );
  writeFileSync(at('stuck.ndjson'), jsonLines([...stuck, ...CAPTURE.slice(3000)]));
  const { text } = await shrunk('--diagnosis', 'position-stuck', at('stuck.ndjson'));
  expect(text.trim().split('\n').length).toBeLessThan(20);
  writeFileSync(at('stuck-few.ndjson'), text);
  const { stdout } = await runHere(['validate', '--format', 'json', at('stuck-few.ndjson')]);
  const { diagnoses } = JSON.parse(stdout) as { diagnoses: { diagnosis: string }[] };
  expect(diagnoses.map(({ diagnosis }) => diagnosis)).toContain('position-stuck');
});

describe('nothing is written', () => {
  it.each([
    [
      'where the finding is not there',
      ['--rule', 'seq-start'],
      1,
      /no finding of seq-start. It has others: --rule seq-gap/,
    ],
    [
      'where the rule is off',
      ['--rule', 'seq-gap', '--rule', 'seq-gap=off'],
      1,
      /seq-gap has the severity off/,
    ],
    ['where no rule is named', [], 2, /Give --rule ID or --diagnosis ID/],
    [
      'where two are named',
      ['--rule', 'seq-gap', '--diagnosis', 'position-stuck'],
      2,
      /for one rule or diagnosis/,
    ],
    ['where a rule is named as a diagnosis', ['--diagnosis', 'seq-gap'], 2, /give --rule seq-gap/],
    ['for --query', ['--rule', 'seq-gap', '--query', 'select 1'], 2, /--query/],
  ] as const)('%s', async (_, args, code, said) => {
    const files = args.includes('--query' as never) ? [] : [at('capture.ndjson')];
    const result = await runHere(['shrink', ...args, ...files]);
    expect(result).toMatchObject({ code, stdout: '' });
    expect(result.stderr).toMatch(said);
  });

  it('over the input', async () => {
    const result = await runHere([
      'shrink',
      '--rule',
      'seq-gap',
      '-o',
      at('capture.ndjson'),
      at('capture.ndjson'),
    ]);
    expect(result).toMatchObject({ code: 2, stdout: '' });
  });
});

it('takes what stands before the place where gzip data breaks off', async () => {
  const packed = gzipSync(jsonLines(CAPTURE));
  writeFileSync(at('cut.ndjson.gz'), packed.subarray(0, packed.length * 0.9));
  const { text, said } = await shrunk('--rule', 'seq-gap', at('cut.ndjson.gz'));
  expect(text.trim().split('\n')).toHaveLength(2);
  expect(said).toContain('To check it, add: | omny-consume validate\n');
});
