// Makes what the docs take from the program again: the lists (`test/docs/generated.test.ts`), and the outputs in `console` blocks.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { blocksOf, examplesOf, masked, openDocsFolder, pagesWithBlocks } from './doc-blocks.js';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

const lists = ['run', '--update', '--reporter=dot', 'test/docs/generated.test.ts'];
const { status } = spawnSync(process.execPath, [join(root, 'node_modules/vitest/vitest.mjs'), ...lists], {
  cwd: root,
  stdio: 'inherit',
});
if (status !== 0) process.exit(status ?? 1);

for (const path of await pagesWithBlocks()) {
  let page = readFileSync(join(root, path), 'utf8');
  const folder = await openDocsFolder();
  for (const { language, code, runs, file } of blocksOf(page)) {
    if (file) await folder.write(file, code);
    else if (runs && language === 'console') {
      const printed = await consoleOf(code, folder);
      page = page.replace(`console\n${code}`, () => `console\n${printed}`);
    } else if (runs && (language === 'sh' || language === 'js')) await folder.run(language, code);
  }
  await folder.close();
  change(path, () => page);
}

async function consoleOf(code, folder) {
  let text = '';
  for (const { command, shown } of examplesOf(code)) {
    const printed = (await folder.run('sh', command)).text;
    text += `${text === '' ? '' : '\n'}$ ${command}\n${masked(printed) === masked(shown) ? shown : printed}\n`;
  }
  return text;
}

function change(path, edit) {
  const before = readFileSync(join(root, path), 'utf8');
  const after = edit(before);
  if (after !== before) writeFileSync(join(root, path), after);
}
