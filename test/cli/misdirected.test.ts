import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runHere } from './in-process.js';

const RIGHT = 'fixtures/har/fetch-keepalive.har';
const folder = mkdtempSync(join(tmpdir(), 'omny-consume-misdirected-'));
const WRONG = join(folder, 'wrong.har');
writeFileSync(WRONG, readFileSync(RIGHT, 'utf8').replaceAll('/consumption/events', '/consumption/event'));
afterAll(() => rmSync(folder, { recursive: true }));

const NOTE = `${WRONG}: 2 requests with events were not read. The first: POST http://127.0.0.1:8787/api/consumption/event (line 85). Expected: POST to /api/consumption/events\n`;
const SCRIPT = ['--script', 'fixtures/scripts/pause-and-seek.txt'];

describe('a HAR whose events all went to another path', () => {
  it.each([
    ['validate'],
    ['certify'],
    ['report'],
    ['convert'],
    ['send', '--endpoint', 'mock'],
    ['send', '--endpoint', 'mock', '--shift-to', '2025-01-01T00:00:00Z'],
    ['expect', ...SCRIPT],
    ['shrink', '--rule', 'seq-gap'],
  ])('%s names the path', async (...args) => {
    const { stderr, code } = await runHere([...args, WRONG]);
    expect(stderr).toContain(
      `${WRONG}: no POST to /api/consumption/events among 3 exchanges\n${NOTE}error: `,
    );
    expect(stderr.split(NOTE)).toHaveLength(2);
    expect(code).toBe(2);
  });

  it('names it with -q, too', async () => {
    const { stderr, code } = await runHere(['validate', '-q', WRONG]);
    expect(stderr).toBe(`${NOTE}error: nothing to validate: no event and no request in the input\n`);
    expect(code).toBe(2);
  });

  it('does not stop the reading of other inputs', async () => {
    const { stderr, stdout, code } = await runHere(['validate', WRONG, RIGHT]);
    expect(stderr).toContain(NOTE);
    expect(stdout).toMatch(/No errors, no warnings in 2 sessions, 4 events, 2 requests, 2 files/);
    expect(code).toBe(0);
  });
});
