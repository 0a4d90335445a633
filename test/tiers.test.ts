import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { E2E } from './tiers.js';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const STARTS_SOMETHING = ['node:child_process', 'playwright-core'];

/** The packages that a file imports, and those that the tests' and scripts' files it imports do. */
function packagesOf(file: string, seen = new Set<string>()): readonly string[] {
  if (seen.has(file)) return [];
  seen.add(file);
  const imported = readFileSync(join(ROOT, file), 'utf8').matchAll(/(?:\bfrom|\bimport\(?)\s*'([^']+)'/g);
  return [...imported].flatMap(([, to = '']) => {
    if (!to.startsWith('.')) return [to];
    const path = posix.join(posix.dirname(file), to);
    const source = [path, path.replace(/\.js$/, '.ts')].find((name) => existsSync(join(ROOT, name)));
    return source && !source.startsWith('src/') ? packagesOf(source, seen) : [];
  });
}

it('test/tiers.ts names the test files that start a process or a browser or replace a module, and no others', () => {
  const files = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => `test/${name.replaceAll('\\', '/')}`)
    .toSorted();
  const apart = files.filter(
    (file) =>
      /^vi\.mock\(/m.test(readFileSync(join(ROOT, file), 'utf8')) ||
      packagesOf(file).some((name) => STARTS_SOMETHING.includes(name)),
  );
  expect(apart).toEqual(E2E.toSorted());
});
