import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const SRC = join(dirname(fileURLToPath(import.meta.url)), '..', 'src');

/** What each part may import, besides itself and packages. `lazy`: by `await import()` only. */
const MAY_IMPORT: Readonly<
  Record<string, { readonly parts: readonly string[]; readonly lazy?: readonly string[] }>
> = {
  domain: { parts: [] },
  browser: { parts: [] },
  wire: { parts: ['domain'] },
  rules: { parts: ['domain', 'wire', 'guide'] },
  guide: { parts: ['domain', 'wire'] },
  recorder: { parts: [] },
  read: { parts: ['domain', 'wire'], lazy: ['table'] },
  table: { parts: ['domain', 'wire', 'read', 'sessions'] },
  write: { parts: ['domain', 'wire'] },
  sessions: { parts: ['domain', 'wire'] },
  simulate: { parts: ['domain', 'wire'] },
  diagnoses: { parts: ['domain', 'rules', 'sessions'] },
  certify: { parts: ['domain', 'rules', 'diagnoses'] },
  expect: { parts: ['domain', 'simulate'] },
  validate: { parts: ['domain', 'wire', 'rules', 'sessions', 'diagnoses', 'certify'] },
  fix: { parts: ['domain', 'wire', 'read', 'rules', 'sessions', 'validate'] },
  shrink: { parts: ['domain', 'wire', 'read', 'rules', 'table', 'diagnoses', 'validate'] },
  report: { parts: ['domain', 'wire', 'rules', 'sessions', 'diagnoses', 'validate', 'browser'] },
  mock: {
    parts: [
      'domain',
      'wire',
      'rules',
      'diagnoses',
      'certify',
      'read',
      'write',
      'validate',
      'browser',
      'recorder',
    ],
  },
  send: { parts: ['domain', 'wire', 'sessions', 'validate', 'write'], lazy: ['mock'] },
};

const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  wire: ['zod/mini'],
  rules: [],
  guide: [],
  sessions: [],
  diagnoses: [],
  validate: [],
};

/** `npm run new` adds a file to one of these for each rule, behaviour, diagnosis, shape or format. */
const ONE_FILE_AN_ADDITION: readonly string[] = [
  'rules/event',
  'rules/request',
  'rules/session',
  'certify/behaviours',
  'diagnoses',
  'table/shapes',
  'cli/validate/reporters',
];
/** The files of all other folders: to be lowered as files are merged, never raised without a reason. */
const MAX_FILES = 282;
const MAX_FILES_PER_FOLDER = 25;

interface Import {
  readonly from: string;
  readonly to: string;
  readonly lazy: boolean;
}

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.replaceAll('\\', '/'));

const textOf = (file: string): string => readFileSync(join(SRC, file), 'utf8');
const partOf = (file: string): string => file.split('/')[0] ?? '';
/** What runs in a browser: the clock and the network are its own. */
const inBrowser = (file: string): boolean => /^(?:mock\/page|report\/html|recorder)\/client\//.test(file);

const imports: readonly Import[] = files.flatMap((from) =>
  [...textOf(from).matchAll(/(?:\bfrom|\bimport)\s*(\(?)\s*'([^']+)'/g)].map(([, paren, to = '']) => ({
    from,
    to: to.startsWith('.') ? posix.join(posix.dirname(from), to) : to,
    lazy: paren === '(',
  })),
);

describe('the dependency directions', () => {
  it('are no circles of files, types and lazy imports included', () => {
    expect(circles()).toEqual([]);
  });

  it.each(Object.keys(MAY_IMPORT))('%s imports what it may and nothing else', (part) => {
    const { parts, lazy = [] } = MAY_IMPORT[part]!;
    const wrong = imports
      .filter(({ from }) => partOf(from) === part)
      .filter(({ to }) => files.includes(to.replace(/\.js$/, '.ts')))
      .filter(({ to }) => partOf(to) !== part && !parts.includes(partOf(to)))
      .filter((found) => !(found.lazy && lazy.includes(partOf(found.to))));
    expect(wrong).toEqual([]);
  });

  it('cover every part of src', () => {
    const parts = new Set(files.filter((file) => file.includes('/')).map(partOf));
    expect([...parts].sort()).toEqual([...Object.keys(MAY_IMPORT), 'cli'].sort());
  });

  it('let nothing import the command line', () => {
    expect(imports.filter(({ from, to }) => !from.startsWith('cli/') && to.startsWith('cli/'))).toEqual([]);
  });

  it('let only rules and what explains them read guides', () => {
    const outside = imports.filter(({ from, to }) => partOf(from) !== 'guide' && to.startsWith('guide/'));
    const readers = /^(?:rules\/|cli\/commands\/rule)/;
    expect(outside.filter(({ from }) => !readers.test(from))).toEqual([]);
  });

  it.each(Object.keys(PACKAGES))('%s uses no package beyond its own', (part) => {
    const used = imports
      .filter(({ from, to }) => partOf(from) === part && !to.includes('.js') && !to.startsWith('node:'))
      .map(({ to }) => to);
    expect([...new Set(used)]).toEqual(PACKAGES[part]);
  });
});

describe('the start of the program', () => {
  it('loads few libraries: undici alone takes as long as Node to start', () => {
    const loaded = new Set(['cli/main.ts', 'cli/validate/run.ts', 'cli/validate/reporters/pretty.ts']);
    const libraries = new Set<string>();
    for (const file of loaded) {
      for (const [, , to = ''] of textOf(file).matchAll(
        /^(?:import|export|\}) (?!type\b)([^;']*?)from '([^']+)';/gm,
      )) {
        if (to.startsWith('.')) loaded.add(posix.join(posix.dirname(file), to).replace(/\.js$/, '.ts'));
        else if (!to.startsWith('node:')) libraries.add(to);
      }
    }
    expect([...libraries].sort()).toEqual(['chalk', 'commander', 'jsonc-parser', 'zod/mini']);
  });
});

describe('the size of src', () => {
  it(`is at most ${MAX_FILES} files without additions: an idea has one file, not one a function`, () => {
    const others = files.filter((file) => !ONE_FILE_AN_ADDITION.includes(posix.dirname(file)));
    expect(others.length).toBeLessThanOrEqual(MAX_FILES);
  });

  it(`has no folder of more than ${MAX_FILES_PER_FOLDER} files`, () => {
    const counts = new Map<string, number>();
    for (const folder of files.map((file) => posix.dirname(file)))
      counts.set(folder, (counts.get(folder) ?? 0) + 1);
    expect([...counts].filter(([, count]) => count > MAX_FILES_PER_FOLDER)).toEqual([]);
  });
});

describe('the outside world', () => {
  it.each([
    [
      'the process',
      /\bprocess\./,
      [
        'cli/config/read.ts',
        'cli/entry.ts',
        'cli/main.ts',
        'cli/mock/run.ts',
        'cli/send/guards.ts',
        'cli/send/ledger-files.ts',
        'cli/send/progress.ts',
        'cli/send/second-pass.ts',
        'cli/cli.ts',
        'send/ledger/open-file.ts',
        'send/ledger/sqlite.ts',
      ],
    ],
    ['the console', /\bconsole\./, []],
    [
      'the clock',
      /\bDate\.now\(|\bnew Date\(\)|\bperformance\./,
      ['cli/cli.ts', 'cli/main.ts', 'domain/clock.ts', 'vitest.ts'],
    ],
    ['chance', /\bMath\.random\(/, []],
    ['fetch', /\bfetch\(/, []],
  ] as const)('%s is touched only where it is handed on', (_name, pattern, allowed: readonly string[]) => {
    const touching = files.filter((file) => !inBrowser(file) && pattern.test(code(textOf(file))));
    expect(touching.filter((file) => !allowed.includes(file))).toEqual([]);
  });
});

/** One path for each import that closes a circle: `a.ts -> b.ts -> a.ts`. */
function circles(): string[] {
  const imported = new Map<string, string[]>(files.map((file) => [file, []]));
  for (const { from, to } of imports) {
    const file = to.replace(/\.js$/, '.ts');
    if (imported.has(file)) imported.get(from)!.push(file);
  }
  const found: string[] = [];
  const finished = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    const at = path.indexOf(file);
    if (at >= 0) found.push([...path.slice(at), file].join(' -> '));
    if (at >= 0 || finished.has(file)) return;
    for (const next of imported.get(file)!) visit(next, [...path, file]);
    finished.add(file);
  };
  for (const file of files) visit(file, []);
  return found;
}

/** The text without strings and comments, roughly: words in them are no uses. */
function code(text: string): string {
  return text
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/\/\/.*$/gm, '')
    .replaceAll(/'(?:[^'\\\n]|\\.)*'/g, "''")
    .replaceAll(/`(?:[^`\\]|\\.)*`/g, '``');
}
