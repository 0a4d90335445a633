// Builds dist/: the command line and the library as one split bundle, the library's types, and the
// licences of what the bundle carries.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { light } from './light.js';
import { textModules } from './text-modules.js';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const at = (...parts) => join(root, ...parts);
const { version } = JSON.parse(readFileSync(at('package.json'), 'utf8'));

rmSync(at('dist'), { recursive: true, force: true });
const bundle = await rolldown({
  cwd: root,
  input: { cli: 'src/cli/entry.ts', index: 'src/index.ts', vitest: 'src/vitest.ts' },
  external: ['vitest', 'better-sqlite3', '@duckdb/node-api'],
  platform: 'node',
  preserveEntrySignatures: 'allow-extension',
  resolve: { extensionAlias: { '.js': ['.ts', '.js'] }, mainFields: ['module', 'main'] },
  plugins: [textModules(), light()],
  transform: { define: { __VERSION__: JSON.stringify(version) } },
});
const { output } = await bundle.write({
  dir: at('dist'),
  format: 'esm',
  chunkFileNames: 'chunks/[name]-[hash].js',
  // Each file that is loaded costs time, and so does each line that is loaded and not used. So what most runs need is one
  // file (the command line, and what checks data), and only `send` loads undici.
  codeSplitting: {
    groups: [
      { name: 'version', test: /src[\\/]domain[\\/]errors\.ts$/, priority: 3 },
      {
        name: 'main',
        test: /src[\\/]cli[\\/](?:main|validate[\\/](?:run|reporters[\\/]pretty))\.ts$/,
        priority: 2,
      },
      { name: 'undici', test: /node_modules[\\/]undici/, priority: 1 },
    ],
  },
  minify: { mangle: { toplevel: false }, compress: true, codegen: { removeWhitespace: true } },
});
await bundle.close();

writeFileSync(at('dist', 'THIRD-PARTY-LICENSES.txt'), licences(output));
const tsc = [at('node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json'];
const { status } = spawnSync(process.execPath, tsc, { cwd: root, stdio: 'inherit' });
// The compiler has printed what is wrong.
if (status !== 0) process.exit(status ?? 1);
const PEERS = ['vitest'];
tidyTypes(at('dist', 'types'), ['index.d.ts', 'vitest.d.ts']);

/**
 * Leaves of the declarations what the package's entries reach, in words that TypeScript 5.0 knows: arrays that name their buffer's type came
 * with 5.7. What they import of other packages has to be installed with this one.
 */
function tidyTypes(folder, entries) {
  const reached = new Set();
  const reach = (file) => {
    if (reached.has(file)) return;
    reached.add(file);
    const text = readFileSync(file, 'utf8');
    for (const [, name] of text.matchAll(/(?:\bfrom|\bimport\(?) ?['"]([^'"]+)['"]/g)) {
      if (name.startsWith('.')) reach(resolve(dirname(file), name.replace(/\.js$/, '.d.ts')));
      else if (!name.startsWith('node:') && !PEERS.includes(name))
        throw new Error(`${file} imports ${name}, which is not installed with the package`);
    }
    writeFileSync(file, text.replaceAll(/\b(\w+\d+(?:Clamped)?Array|Buffer)<ArrayBuffer(?:Like)?>/g, '$1'));
  };
  for (const entry of entries) reach(join(folder, entry));
  for (const name of readdirSync(folder, { recursive: true })) {
    const file = join(folder, name);
    if (file.endsWith('.d.ts') && !reached.has(file)) rmSync(file);
  }
}

function licences(chunks) {
  const modules = chunks.flatMap((chunk) => (chunk.type === 'chunk' ? chunk.moduleIds : []));
  const packages = new Set(
    modules.flatMap(
      (id) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(id.replaceAll('\\', '/'))?.[1] ?? [],
    ),
  );
  return [...packages]
    .toSorted((a, b) => a.localeCompare(b))
    .map((folder) => {
      const { name, version: its, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
      // A package that comes without its licence has it there: a build of which one is missing fails.
      const text = readFileSync(file ? join(folder, file) : at('scripts', 'licences', `${name}.txt`), 'utf8');
      return `${name} ${its} (${license})\n\n${text}`;
    })
    .join(`\n${'-'.repeat(80)}\n\n`);
}
