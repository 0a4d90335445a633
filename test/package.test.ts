import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it, test } from 'vitest';
import { run } from './cli/run.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const DIST = join(ROOT, 'dist');

interface Manifest {
  readonly engines: { readonly node: string };
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest;
const { dependencies = {}, devDependencies, optionalDependencies, peerDependencies } = manifest;
const installed = { ...dependencies, ...optionalDependencies, ...peerDependencies };
const declared = { ...devDependencies, ...installed };

describe('what a command loads', () => {
  /** The files of `dist` that a run loads, without the hashes in their names. */
  async function loadedBy(args: readonly string[]): Promise<readonly string[]> {
    const folder = mkdtempSync(join(tmpdir(), 'omny-consume-loads-'));
    try {
      const { code, stderr } = await run(args, { env: { NODE_V8_COVERAGE: folder } });
      expect({ code, stderr }).toMatchObject({ code: 0 });
      const urls = readdirSync(folder).flatMap((file) => {
        const { result } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as {
          result: { url: string }[];
        };
        return result.map(({ url }) => url).filter((url) => url.includes('/dist/'));
      });
      return [...new Set(urls.map((url) => basename(url, '.js').replace(/-[\w-]{8}$/, '')))].sort();
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  const session = 'fixtures/rules/seq-gap/accept-without-gap-in-any-order.ndjson';

  it('is hardly anything for --version', async () => {
    expect(await loadedBy(['--version'])).toEqual(['cli', 'version']);
  });

  it.each([
    ['validate', session],
    ['convert', session],
    ['report', session],
    ['simulate', '--sessions', '1', '--seed', '1'],
    ['schema'],
    ['rules', 'seq-gap'],
  ])('is no HTTP client for %s', async (...args) => {
    expect(await loadedBy(args)).not.toContain('undici');
  });

  it('is the HTTP client for send', async () => {
    expect(await loadedBy(['send', '--endpoint', 'mock', '--no-ledger', session])).toContain('undici');
  });
});

describe('a Node that is too old', () => {
  const [, oldest = ''] = /^>=(\d+\.\d+)\.0$/.exec(manifest.engines.node) ?? [];
  const [major, minor] = oldest.split('.').map(Number) as [number, number];
  const on = (version: string) => {
    const fake = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`;
    return run(['--version'], { node: ['--import', `data:text/javascript,${encodeURIComponent(fake)}`] });
  };

  it.each([`${major}.${minor - 1}.9`, `${major - 2}.20.8`])('says so in a line: %s', async (version) => {
    const { code, stdout, stderr } = await on(version);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^error: omny-consume needs Node\.js \S+ or newer, .*\n$/);
    expect(stderr).toContain(`Node.js ${oldest} or newer`);
  });

  it.each([`${oldest}.0`, `${major + 2}.0.0`])('is not %s', async (version) => {
    expect(await on(version)).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('what is bundled', () => {
  const bundled = sectionsOf(readFileSync(join(DIST, 'THIRD-PARTY-LICENSES.txt'), 'utf8'));
  const imported = packagesOf(join(ROOT, 'src'), '.ts');

  it('has its licence, word for word', () => {
    expect(bundled.size).toBeGreaterThan(10);
    const short = [...bundled].filter(([, text]) => text.length < 400);
    expect(short.map(([name]) => name)).toEqual([]);
  });

  it('is all that the sources import, but for what users install', () => {
    const wanted = imported.filter((name) => !Object.hasOwn(installed, name));
    expect(wanted).toEqual(expect.arrayContaining(['chalk', 'commander', 'csv-parse', 'undici', 'zod']));
    expect(wanted.filter((name) => !bundled.has(name))).toEqual([]);
  });
});

test('the package depends on what it loads when it runs, and on nothing else', () => {
  expect(packagesOf(DIST, '.js')).toEqual(Object.keys(installed).toSorted());
});

test('the package runs nothing when it is installed, and holds what its README leads to', async () => {
  const [{ files }] = JSON.parse(
    (await promisify(execFile)('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: ROOT }))
      .stdout,
  ) as [{ readonly files: readonly { readonly path: string }[] }];
  const paths = files.map(({ path }) => path);
  expect(paths).toEqual(
    expect.arrayContaining(['bin/omny-consume.js', 'dist/cli.js', 'dist/types/index.d.ts']),
  );
  expect(paths).not.toContain('binding.gyp');
  const atInstall = ['preinstall', 'install', 'postinstall', 'prepublish', 'prepare'];
  expect(Object.keys(manifest.scripts).filter((name) => atInstall.includes(name))).toEqual([]);
});

/** What loads a package: in TypeScript a line of its own, other than of types; in the bundle anything that could. */
const LOADS = {
  '.ts': /^(?:import (?!type\b)|\} from|export .*from)[^'\n]*'([^'\n]+)';$/gm,
  '.js': /(?:\bfrom|\bimport\(?|\brequire\() ?['"`]([\w@/.-]+)['"`]/g,
};

/** The packages of the manifest that files below a folder load; knip reports others. */
function packagesOf(folder: string, ending: keyof typeof LOADS): readonly string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending) && !name.endsWith('.d.ts'))
    .flatMap((name) => [...readFileSync(join(folder, name), 'utf8').matchAll(LOADS[ending])])
    .flatMap(([, name = '']) => /^(?:@[\w-]+\/)?[a-z][\w-]*/.exec(name)?.[0] ?? [])
    .filter((name) => Object.hasOwn(declared, name));
  return [...new Set(names)].toSorted();
}

/** The packages of the list of licences, each with its text. */
function sectionsOf(list: string): ReadonlyMap<string, string> {
  return new Map(
    list.split(`\n${'-'.repeat(80)}\n\n`).map((section) => {
      const [heading = '', ...text] = section.split('\n');
      return [heading.split(' ')[0] ?? '', text.join('\n')];
    }),
  );
}
