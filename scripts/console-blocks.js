// Updates the outputs in the `console` blocks of README.md and the docs; a part of `npm run record`.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { blocksOf, examplesOf, masked, openDocsFolder, pagesWithBlocks } from './doc-blocks.js';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

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
