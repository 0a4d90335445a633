import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { widthOf } from '../../src/domain/wrap.js';
import { runHere } from './in-process.js';

const NOW = ['--now', '1767225600'];
const EVENTS = 'docs/examples/events.ndjson';
const PLAYS = 'docs/examples/plays.csv';
const CLIPS = ['--clips', 'docs/examples/clips.csv'];
const SCRIPT = ['--script', 'docs/examples/pause-and-seek.txt'];
const SESSION = '5eed65b3-51c4-8681-9246-e5429605750e';

const folder = mkdtempSync(join(tmpdir(), 'omny-consume-widths-'));
const ledger = join(folder, 'plays.ledger');
afterAll(() => rmSync(folder, { recursive: true }));
beforeAll(async () => {
  await runHere(['send', '--endpoint', 'mock', '--ledger', ledger, PLAYS]);
});

/** Command lines that together print what people read, with findings of each kind of place. */
const COMMANDS: readonly (readonly string[])[] = [
  ['validate', ...NOW, 'fixtures/demo/plays-broken.csv'],
  ['validate', 'fixtures/csv/warehouse-episodes.csv'],
  [
    'validate',
    'docs/examples/player.har',
    'docs/examples/capture.ndjson',
    'docs/examples/milliseconds.ndjson',
  ],
  ['validate', '-v', 'fixtures/diagnoses/counter-not-reset/reported-six-in-a-row.ndjson'],
  ['report', ...CLIPS, PLAYS],
  ['report', '-v', EVENTS],
  ['report', '--session', SESSION, EVENTS],
  ['report', 'docs/examples/after.ndjson', '--compare', 'docs/examples/before.ndjson'],
  ['report', PLAYS, '--portal', 'plays=3,average=16:49,completion=50%', ...CLIPS],
  ['report', PLAYS, '--portal', 'plays=3,day=2025-11-04', '--timezone', 'Australia/Melbourne'],
  ['expect', ...SCRIPT, EVENTS],
  ['certify', 'docs/examples/player.har'],
  ['certify', 'fixtures/certify/stop-when-disabled/wrong-goes-on.har'],
  ['send', '--endpoint', 'omny', '--dry-run', PLAYS],
  ['send', '--endpoint', 'omny', PLAYS],
  ['send', '--endpoint', 'mock', '-v', PLAYS],
  ['send', '--endpoint', 'mock', ...NOW, 'fixtures/demo/plays-broken.csv'],
  ['ledger', ledger],
  ['ledger', ledger, '--state', 'delivered'],
  ['ledger', ledger, '--settle', 'delivered'],
  ['convert', '--fix', '-o', join(folder, 'fixed.ndjson'), 'docs/examples/milliseconds.ndjson'],
  ['shrink', '--rule', 'seq-gap', 'fixtures/demo/plays-broken.csv'],
  ['simulate', '-o', join(folder, 'made.ndjson'), '--sessions', '2'],
  ['rules'],
  ['rules', 'timestamps-at-send'],
  ['rules', 'position-stuck'],
  ['validate', '--frobnicate'],
  ['validate', '--help'],
  ['mock', '--help'],
];

/** What cannot be broken: a path, an id, a URL; a command to copy; a word between backticks. */
const UNBREAKABLE = /^\s*(?:\S+|.*\bomny-consume [a-z].*|session \S+|(?:received|fix|hint:) \S+)$/;

describe.each([60, 80, 120])('at %i columns', (columns) => {
  it.each(COMMANDS.map((args) => [args.join(' ').replaceAll(folder, ''), args] as const))(
    '%s fits, and cuts no number from its unit',
    async (_, args) => {
      const { stdout, stderr } = await runHere(args, undefined, columns);
      const lines = `${stdout}${stderr}`.split('\n');
      expect(lines.filter((line) => widthOf(line) > columns && !UNBREAKABLE.test(line))).toEqual([]);
      const units = /^\s+(?:%|s|min|h|ms|KiB|MiB|columns|sessions?|events?|requests?|rows?)\b/;
      const cut = lines.filter(
        (line, i) => units.test(line) && /(?:^|\s)\d[\d.,]*$/.test(lines[i - 1] ?? ''),
      );
      expect(cut).toEqual([]);
    },
  );
});

describe('without a terminal', () => {
  it('lines stay whole, so that they can be searched', async () => {
    const { stdout } = await runHere(['report', PLAYS, '--portal', 'plays=3']);
    expect(
      stdout.split('\n').filter((line) => line.startsWith('No difference in this input: ')),
    ).toHaveLength(1);
  });

  it('and so do data at a terminal', async () => {
    const { stdout } = await runHere(['convert', EVENTS], undefined, 60);
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .every((line) => line.startsWith('{') && line.endsWith('}')),
    ).toBe(true);
  });
});
