import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Where `npm run new` leaves what a person must write. */
const WRITTEN = ['src', 'test/rules', 'test/diagnoses', 'test/recorder', 'test/table', 'docs'];
/** Lists in the docs, which `npm run record` writes. */
const RECORDED = ['docs/rules.md', 'docs/diagnoses.md', 'docs/certify.md', 'docs/formats.md'];

it('nothing is left to write: no TODO, and no placeholder of `npm run new`', () => {
  const left = WRITTEN.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(?:ts|md)$/.test(file) && !RECORDED.includes(`${folder}/${file}`))
      .flatMap((file) => {
        const lines = readFileSync(join(ROOT, folder, file), 'utf8').split('\n');
        return lines.flatMap((line, i) =>
          /\bTODO\b/.test(line) ? [`${folder}/${file}:${i + 1}: ${line.trim()}`] : [],
        );
      }),
  );
  const fixtures = ['diagnoses', 'certify'].flatMap((kind) =>
    readdirSync(join(ROOT, 'fixtures', kind), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.includes('placeholder'))
      .map((file) => `fixtures/${kind}/${file}: replace it with an input of the diagnosis or behaviour`),
  );
  expect([...left, ...fixtures]).toEqual([]);
});
