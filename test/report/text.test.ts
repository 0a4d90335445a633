import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Chalk } from 'chalk';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { readInputs } from '../../src/read/read.js';
import type { Report } from '../../src/report/output.js';
import { report } from '../../src/report/report.js';
import { plot, reportText } from '../../src/report/text/text.js';
import { runHere } from '../cli/in-process.js';
import { simulatedReport } from './simulated.js';

const NOW = 1767225600;
const colors = new Chalk({ level: 0 });
const plain = (text: string) => text;

describe('the report as text', () => {
  it('fits the terminal, however narrow', async () => {
    const figures = await simulatedReport({ sessions: 60 });
    for (let columns = 40; columns <= 130; columns += 1) {
      const lines = [...reportText(figures, { colors, columns, all: false })].join('').split('\n');
      const [head = '', ...rest] = lines;
      expect(head).toMatch(/^60 sessions: \d+ verified/);
      const tooWide = rest
        .slice(2)
        .filter((line) => line.length > columns && !line.startsWith('Retention of'));
      expect(tooWide).toEqual([]);
    }
  });

  it('gives whole ids where nobody looks at a terminal', async () => {
    const figures = await simulatedReport({ sessions: 10 });
    const text = [...reportText(figures, { colors, columns: null, all: false })].join('');
    for (const { clipId } of figures.clips) expect(text).toContain(`\n${clipId}  `);
  });

  it('says what was filtered and why, and that 10 s and 60 s are both in use', async () => {
    const figures = await report(readInputs(['fixtures/report/several-clips/input.csv']), { now: NOW });
    const text = [...reportText(figures, { colors, columns: 200, all: false })]
      .join('')
      .replaceAll('\n', ' ');
    expect(text).toContain('at least 10 s were played. 2 sessions played less and are filtered');
    expect(text).toContain('some say 10 s, newer ones 60 s. Both are shown: 4 reach 10 s, 2 reach 60 s');
  });

  it('lets no name steer the terminal', async () => {
    const [event] = ['{"Source":"\\u001b[31mred","Events":[],"Completed":true}'];
    const body = `${event}`.replace(
      '[]',
      `[${['Start', 'Stop'].map((Type, i) => JSON.stringify({ OrganizationId: ORG, ClipId: CLIP, SessionId: ID, Type, Position: i * 20, SeqNumber: i + 1, Timestamp: 1733047200 + i * 20 })).join()}]`,
    );
    const bytes = (async function* () {
      yield Buffer.from(body);
    })();
    const figures = await report(readInputs([{ name: 'a.json', bytes }]), { now: NOW });
    const text = [...reportText(figures, { colors, columns: 100, all: false })].join('');
    expect(text).toContain('Sources: \\u001b[31mred 1');
    expect(text).not.toContain('\u001b');
  });
});

describe('titles of clips', () => {
  const TITLES = [
    'a title so long that it fits no terminal, since it goes on and on and on and on and on and on and on and on and on',
    '東京の朝：とても長い題名、どの端末にも収まらない。東京の朝：とても長い題名、どの端末にも収まらない。',
    '\u001b[31mred\u202e',
    'e\u0301'.repeat(80),
    '',
  ];

  it('fit the terminal, and steer none', async () => {
    const bare = await simulatedReport({ sessions: 60 });
    const clipTitles = new Map(bare.clips.map(({ clipId }, i) => [clipId, TITLES[i % TITLES.length]!]));
    const figures = await simulatedReport({ sessions: 60 }, { clipTitles });
    for (let columns = 40; columns <= 130; columns += 7) {
      const [, , ...lines] = [...reportText(figures, { colors, columns, all: false })].join('').split('\n');
      const most = (line: string) => (line.startsWith('Retention of') ? Math.max(columns, 49) : columns);
      expect(lines.slice(1).filter((line) => stringWidth(line) > most(line))).toEqual([]);
      expect(lines.filter((line) => line.includes('\u001b') || line.includes('\u202e'))).toEqual([]);
    }
    const piped = [...reportText(figures, { colors, columns: null, all: false })].join('');
    for (const { clipId } of figures.clips) expect(piped).toContain(`\n${clipId}  `);
    expect(piped).toContain('  \\u001b[31mred\\u202e\n');
  });

  it.each([
    [
      'a feed',
      `<rss xmlns:omny="x"><channel><item><title>Tues\u202eday &amp; more</title><omny:clipId>${'9b5c82f7-74cf-4841-a870-a670017cc8eb'}</omny:clipId></item></channel></rss>`,
    ],
    [
      'the consumer API',
      JSON.stringify({
        Clips: [{ Id: '9b5c82f7-74cf-4841-a870-a670017cc8eb'.toUpperCase(), Title: 'Tues\u202eday & more' }],
      }),
    ],
    ['a column', 'ClipId,Duration,title\n9b5c82f7-74cf-4841-a870-a670017cc8eb,1312,Tues\u202eday & more\n'],
  ])('come from %s', async (_, catalogue) => {
    const folder = mkdtempSync(join(tmpdir(), 'omny-consume-titles-'));
    try {
      const clips = join(folder, 'clips');
      writeFileSync(clips, catalogue);
      const args = ['report', '--clips', clips, 'docs/examples/plays.csv', '--format'];
      const { stdout: json } = await runHere([...args, 'json', '--bin', '1000']);
      expect(json).not.toContain('\u202e');
      const titles = (JSON.parse(json) as Report).clips.map(({ clipId, title }) => [
        clipId.slice(0, 8),
        title,
      ]);
      expect(titles.filter(([, title]) => title !== undefined)).toEqual([
        ['9b5c82f7', 'Tues\u202eday & more'],
      ]);
      expect((await runHere([...args, 'text'])).stdout).toContain('Retention of Tues\\u202eday & more\n');
      expect((await runHere([...args, 'html'])).stdout).toContain('>Tues\\u202eday &amp; more</button>');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

const ORG = '126281f8-200e-4c9f-8378-a4870055423b';
const CLIP = '9b5c82f7-74cf-4841-a870-a670017cc8eb';
const ID = '00000000-0000-4000-8000-000000000001';

describe('a plot', () => {
  it('draws shares to an eighth of a line', () => {
    expect(plot([4, 4, 2, 2, 1, 1, 0, 0, 0, 0], 4, 100, { width: 17, paint: plain })).toBe(
      [
        '100 % ┤██',
        '      │██',
        ' 75 % ┤██',
        '      │██',
        ' 50 % ┤████',
        '      │████',
        ' 25 % ┤██████',
        '      │██████',
        '  0 % └──────────',
        '       0:00  1:40',
        '',
      ].join('\n'),
    );
  });

  it('is empty at 0 and full at 100 %, whatever the number of bins', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 40, max: 120 }), (bins, width) => {
        const lines = (share: number) =>
          plot(
            Array.from({ length: bins }, () => share * 3),
            3,
            60,
            { width, paint: plain },
          )
            .split('\n')
            .slice(0, 8);
        expect(lines(1).filter((line) => line.slice(7) !== '█'.repeat(width - 7))).toEqual([]);
        expect(lines(0).filter((line) => line.slice(7) !== '')).toEqual([]);
      }),
    );
  });
});
