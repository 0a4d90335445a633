import { PassThrough } from 'node:stream';
import { DOMParser, type Element } from '@xmldom/xmldom';
import { describe, expect, it } from 'vitest';
import type { Sheet } from '../../../src/certify/sheet.js';
import { SHEET_FORMATS } from '../../../src/cli/options/rules.js';
import { runHere } from '../in-process.js';
import { HOSTILE, SHEET, written } from './sheet.js';

const NOT_REQUIRED: Sheet = { ...SHEET, lines: SHEET.lines.map((its) => ({ ...its, required: false })) };

const children = (parent: Element, name: string): readonly Element[] =>
  Array.from(parent.childNodes).filter((node): node is Element => node.nodeName === name);

/** By behaviour, what its case says. Parses strictly: whatever the parser has to say is a failure. */
function cases(xml: string): Record<string, string> {
  const stop = (level: string, message: string): never => {
    throw new Error(`${level}: ${message}`);
  };
  const root = new DOMParser({ onError: stop }).parseFromString(xml, 'text/xml').documentElement!;
  const [suite] = children(root, 'testsuite');
  expect(root.getAttribute('name')).toBe('omny-consume certify');
  const all = children(suite!, 'testcase').map((its) => {
    const [only] = Array.from(its.childNodes).filter(({ nodeName }) => nodeName !== '#text');
    return [its.getAttribute('name')!.split(':')[0]!, only!.nodeName] as const;
  });
  const count = (name: string): string => String(all.filter(([, node]) => node === name).length);
  expect(suite!.getAttribute('tests')).toBe(String(all.length));
  expect(suite!.getAttribute('failures')).toBe(count('failure'));
  expect(suite!.getAttribute('skipped')).toBe(count('skipped'));
  return Object.fromEntries(all);
}

describe('junit', () => {
  it('has a case for each behaviour: with a requirement, what is required and not right fails', () => {
    expect(cases(written('junit'))).toEqual({
      'play-to-end': 'system-out',
      pause: 'system-out',
      'long-pause': 'failure',
      'seek-forward': 'system-out',
      'seek-back': 'failure',
      'seek-while-paused': 'skipped',
    });
  });

  it('without one, what is wrong fails', () => {
    expect(cases(written('junit', NOT_REQUIRED))).toEqual({
      'play-to-end': 'system-out',
      pause: 'system-out',
      'long-pause': 'failure',
      'seek-forward': 'failure',
      'seek-back': 'skipped',
      'seek-while-paused': 'skipped',
    });
  });
});

describe('a behaviour that is required and was not seen', () => {
  it.each(['pretty', 'markdown', 'html'] as const)('has the mark of one that is wrong: %s', (format) => {
    const marks = (sheet: Sheet) => [...written(format, sheet).matchAll(/✖/g)].length;
    const failing = SHEET.lines.filter(({ verdict, required }) => verdict === 'not-seen' && required);
    expect(failing.length).toBeGreaterThan(0);
    expect(marks(SHEET) - marks(NOT_REQUIRED)).toBe(failing.length);
  });
});

describe('every format', () => {
  it.each(SHEET_FORMATS)('%s takes what comes from the input for text', (format) => {
    const text = written(format);
    // oxlint-disable-next-line no-control-regex -- control characters are what must not be there
    expect(text.match(/[\u0000-\u0009\u000b-\u001f]/g)).toBeNull();
    if (format === 'html') expect(text).not.toMatch(/<(?:img|script)|\son\w+="/);
  });

  it('json is what a script needs, place by place', () => {
    const { behaviours, ...rest } = JSON.parse(written('json'));
    expect(rest).toEqual({
      version: 1,
      passed: false,
      summary: { sessions: 1200, requests: 2, right: 2, wrong: 2, notSeen: 2, required: 3 },
      notes: SHEET.notes,
    });
    expect(behaviours[2]).toEqual({
      behaviour: 'long-pause',
      title: 'Plays',
      verdict: 'wrong',
      required: true,
      right: 0,
      wrong: 1,
      possible: true,
      next: 'Do `this`.',
      observations: [
        {
          evidence: `It ${HOSTILE}.`,
          sessionId: 'a039f83d-1916-436b-a090-efbc08698506',
          file: `${HOSTILE}.har`,
          line: 3,
          column: 7,
          request: 1,
          entry: 4,
        },
      ],
    });
  });

  it('markdown has a row for each behaviour, and no cell ends early', () => {
    const text = written('markdown');
    const rows = text.split('\n').filter((row) => /^\| [✔✖–] \|/.test(row));
    expect(rows).toHaveLength(SHEET.lines.length);
    for (const row of rows) expect(row.replaceAll(/\\./g, '').match(/\|/g)).toHaveLength(4);
  });

  it.each([56, 80, 132])('pretty fits into a terminal of %i columns', async (columns) => {
    const file = 'fixtures/har/going-on-after-disabled.har';
    const { stdout } = await runHere(['certify', file], new PassThrough(), columns);
    for (const row of stdout.split('\n')) expect(row.length, row).toBeLessThanOrEqual(columns);
  });
});

describe('omny-consume certify', () => {
  it.each([
    ['nothing is wrong', 0, ['fixtures/certify/pause/right-two-seconds.ndjson']],
    ['a behaviour is wrong', 1, ['fixtures/certify/pause/wrong-clock-runs-on.ndjson']],
    ['a required one is right', 0, ['--require', 'pause', 'fixtures/certify/pause/right-two-seconds.ndjson']],
    [
      'one of them is not seen',
      1,
      ['--require', 'pause,stall', 'fixtures/certify/pause/right-two-seconds.ndjson'],
    ],
    ['all are required', 1, ['--require', 'all', 'fixtures/certify/pause/right-two-seconds.ndjson']],
    [
      'only another one is wrong',
      0,
      ['--require', 'next-clip', 'fixtures/certify/stop-when-disabled/wrong-goes-on.har'],
    ],
    ['a line cannot be read', 1, ['fixtures/hostile/truncated.ndjson']],
    ['there is nothing', 2, ['fixtures/hostile/empty.ndjson']],
    [
      'no behaviour is called so',
      2,
      ['--require', 'pause,,stall', 'fixtures/certify/pause/right-two-seconds.ndjson'],
    ],
    ['the sheet would replace the input', 2, ['-o', 'package.json', 'package.json']],
  ] as const)('%s: exit code %i', async (_, code, args) => {
    const told = await runHere(['certify', ...args]);
    expect(told.code).toBe(code);
  });
});
