import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { run } from './run.js';

const INPUT = 'fixtures/fix/events.ndjson';
let folder = '';

beforeEach(async () => {
  const made = await mkdtemp(join(tmpdir(), 'omny-consume-fix-'));
  folder = made;
  return () => rm(made, { recursive: true });
});

describe('convert --fix', () => {
  it('writes no output whose log is not whole', async () => {
    const { stderr, code } = await run([
      'convert',
      '--fix',
      '--fix-log',
      '/dev/full',
      '-o',
      join(folder, 'x'),
      INPUT,
    ]);
    expect(stderr).toBe('error: /dev/full: cannot be written: no space left on the disk\n');
    expect(code).toBe(2);
    expect(await readdir(folder)).toEqual([]);
  });

  it('leaves neither of both where the input is refused', async () => {
    const [log, output] = [join(folder, 'log'), join(folder, 'x')];
    const other = ['--organization', '5c20e0a4-7d3f-4b46-8a54-a8f001743e6f'];
    const { code } = await run(['convert', '--fix', '--fix-log', log, '-o', output, ...other, INPUT]);
    expect(code).toBe(1);
    expect(await readdir(folder)).toEqual([]);
  });

  it('takes Positions for milliseconds where --clips shows it', async () => {
    const [input, clips] = [join(folder, 'one.ndjson'), join(folder, 'clips.csv')];
    const { OrganizationId, ClipId, SessionId } = JSON.parse((await readFile(INPUT, 'utf8')).split('\n')[0]!);
    const ids = { OrganizationId, ClipId, SessionId };
    const start = { ...ids, Type: 'Start', Position: 0, SeqNumber: 1, Timestamp: 1_700_000_000 };
    const stop = { ...ids, Type: 'Stop', Position: 60_000, SeqNumber: 2, Timestamp: 1_700_000_060 };
    await writeFile(input, [start, stop].map((event) => `${JSON.stringify(event)}\n`).join(''));
    await writeFile(clips, `ClipId,Duration\n${ClipId},1200\n`);
    const alone = await run(['convert', '--fix', input]);
    expect([alone.stdout, alone.stderr]).toEqual([
      expect.stringContaining('"Position":60000,'),
      expect.stringContaining('--clips'),
    ]);
    const known = await run(['convert', '--fix', '--clips', clips, input]);
    expect(known.stdout).toContain('"Position":60,');
  });

  it('mends nothing of what --since keeps out', async () => {
    const log = join(folder, 'log');
    const since = ['--since', '1540270850', '--now', '1767225600'];
    const { stdout } = await run(['convert', '--fix', '--fix-log', log, ...since, INPUT]);
    const sessions = new Set(stdout.match(/"a039f83d[^"]*"/g));
    // One ended later, of one no time can be read before it is fixed.
    expect([...sessions].map((id) => id.at(-2))).toEqual(['1', '4']);
    expect(await readFile(log, 'utf8')).not.toContain('seq-duplicate');
  });

  it('mends names before ids are mapped', async () => {
    const event = {
      organizationId: '126281f8-200e-4c9f-8378-a4870055423b',
      clipId: 'episode-7',
      type: 'start',
    };
    const start = {
      ...event,
      sessionId: 'a039f83d-1916-436b-a090-efbc08698506',
      position: 0,
      seqNumber: 1,
      timestamp: 1540270724,
    };
    const stop = { ...start, type: 'stop', position: 60, seqNumber: 2, timestamp: 1540270784 };
    const stdin = `${JSON.stringify(start)}\n${JSON.stringify(stop)}\n`;
    const { stdout, code } = await run(['convert', '--fix', '--clip-map', 'fixtures/csv/clip-map.csv', '-'], {
      stdin,
    });
    expect(code).toBe(0);
    expect(stdout.match(/"ClipId":"9b5c82f7-74cf-4841-a870-a670017cc8eb"/g)).toHaveLength(2);
  });
});
