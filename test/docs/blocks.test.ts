import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  blocksOf,
  type DocsFolder,
  examplesOf,
  exitCodeOf,
  masked,
  openDocsFolder,
  pagesWithBlocks,
} from '../../scripts/doc-blocks.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PAGES = (await pagesWithBlocks()).map((path) => {
  const text = readFileSync(join(ROOT, path), 'utf8');
  return { path, text, blocks: blocksOf(text) };
});

// Pages side by side: their commands wait for processes most of the time. The blocks of a page one after the other, since they build on each other.
describe.concurrent.each(PAGES)('the blocks of $path', ({ text, blocks }) => {
  let folder: DocsFolder;
  beforeAll(async () => {
    folder = await openDocsFolder();
  });
  afterAll(() => folder.close());

  it.sequential('are all found', () => {
    expect(blocks).toHaveLength((text.match(/^ *```/gm) ?? []).length / 2);
  });

  it.sequential('say why they are not run', () => {
    const silent = blocks.filter(({ runs, reason }) => runs !== (reason === null));
    expect(silent.map(({ line }) => `line ${line}: wants "<!-- no-run: reason -->" before it`)).toEqual([]);
  });

  for (const { language, code, line, runs, file } of blocks) {
    if (file !== null) {
      it.sequential(`line ${line}: is the file ${file}`, () => folder.write(file, code));
    } else if (runs && language === 'console') {
      it.sequential(`line ${line}: prints what is shown`, async () => {
        for (const { command, shown } of examplesOf(code)) {
          const { text: printed } = await folder.run('sh', command);
          expect(masked(printed), command).toBe(masked(shown));
        }
      });
    } else if (runs && (language === 'sh' || language === 'js')) {
      it.sequential(`line ${line}: runs`, async () => {
        const { exitCode, text: printed } = await folder.run(language, code);
        expect({ exitCode, printed }).toEqual({ exitCode: exitCodeOf(code), printed });
      });
    }
  }
});

describe('the options that the pages name', () => {
  const helps = helpsOfCommands();
  const everywhere = new Set([...helps.values()].flatMap((options) => [...options]));

  it.each(PAGES)('exist: $path', ({ text, blocks }) => {
    const used = blocks.flatMap(({ code }) =>
      [...code.replaceAll('\\\n', ' ').matchAll(/omny-consume (\w+)([^|\n]*)/g)].flatMap(
        ([, command = '', rest = '']) =>
          optionsIn(rest.split(/ -- | #/)[0] ?? '').map((option) => [command, option] as const),
      ),
    );
    const unknown = used.filter(([command, option]) => !helps.get(command)?.has(option));
    expect(unknown.map(([command, option]) => `${command} ${option}`)).toEqual([]);

    const inline = [...withoutBlocks(text).matchAll(/`(--[a-z][^`]*)`/g)].flatMap(([, code = '']) =>
      optionsIn(code),
    );
    expect(inline.filter((option) => !everywhere.has(option))).toEqual([]);
  });
});

/** The long options of each command, from its help. */
function helpsOfCommands(): ReadonlyMap<string, ReadonlySet<string>> {
  const help = (...command: string[]): string =>
    execFileSync(process.execPath, [join(ROOT, 'bin', 'omny-consume.js'), ...command, '--help'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  const commands = [...help().matchAll(/^ {2}([a-z]+)(?: [[<].*)? {2,}/gm)].map(([, name = '']) => name);
  return new Map(
    commands
      .filter((name) => name !== 'help')
      .map((name) => [name, new Set([...optionsIn(help(name)), '--version'])]),
  );
}

function optionsIn(text: string): string[] {
  return [...text.matchAll(/(?<![\w-])--[a-z][a-z-]*/g)].map(([option]) => option);
}

function withoutBlocks(text: string): string {
  return text.replaceAll(/^```[\s\S]*?^```$/gm, '');
}
