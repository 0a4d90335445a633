import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { ReportedFinding } from '../../src/domain/finding.js';
import { someOf } from '../cases.js';
import { FILES, OTHERS, STEERING, TABLE, told, VALIDATE } from './corpus.js';

/** Ways to show an input, besides those of the table. */
const SHOWING = [['validate', '-v'], ['report'], ['report', '--format', 'html'], OTHERS.send];

const CHOSEN = someOf(FILES);

interface Row {
  readonly validate: {
    readonly exit: number;
    readonly error?: string;
    readonly findings?: readonly string[];
  };
  readonly [command: string]: unknown;
}

/** A finding in a line: where it stands, and what it says. */
function line({ line: at, column, path, rule, message }: ReportedFinding): string {
  return `${at}:${column}${path ? ` ${path}` : ''} ${rule}: ${message}`;
}

async function rowOf(file: string): Promise<Row> {
  const { stdout, stderr, code } = await told(VALIDATE, file);
  expect(STEERING.exec(stdout + stderr)?.[0], file).toBeUndefined();
  const findings = stdout === '' ? undefined : JSON.parse(stdout).findings.map(line);
  const row: Record<string, unknown> = {};
  for (const [name, command] of Object.entries(OTHERS)) {
    const { code: exit, stderr: error } = await told(command, file);
    expect(STEERING.exec(error)?.[0], `${name} ${file}`).toBeUndefined();
    row[name] = {
      exit,
      ...(exit !== 0 && name !== 'send' && error !== '' && { error: error.trimEnd().split('\n') }),
    };
  }
  return {
    validate: {
      exit: code,
      ...(stderr !== '' && { error: stderr.trimEnd() }),
      ...(findings && { findings }),
    },
    ...row,
  };
}

it('every file of the corpus gives the findings or the error that the table lists, and the documented exit code', {
  timeout: 300_000,
}, async () => {
  const rows: Record<string, Row> = {};
  for (const file of CHOSEN) rows[file] = await rowOf(file);
  if (CHOSEN.length === FILES.length)
    return expect(`${JSON.stringify(rows, null, 2)}\n`).toMatchFileSnapshot(TABLE);
  const table = JSON.parse(readFileSync(TABLE, 'utf8')) as typeof rows;
  expect(rows).toEqual(Object.fromEntries(CHOSEN.map((file) => [file, table[file]])));
});

it.each(CHOSEN)('%s never steers a terminal, shows no stack and is no bug', async (file) => {
  for (const command of SHOWING) {
    const { stdout, stderr, code } = await told(command, file);
    const of = (stream: string) => `${stream} of ${command.join(' ')}`;
    expect([0, 1, 2], command.join(' ')).toContain(code);
    expect(stderr, of('stderr')).not.toMatch(/^\s+at /m);
    expect(STEERING.exec(stdout)?.[0], of('stdout')).toBeUndefined();
    expect(STEERING.exec(stderr)?.[0], of('stderr')).toBeUndefined();
  }
});
