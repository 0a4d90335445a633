// Makes what the docs take from the program again: the lists of rules and diagnoses, and the outputs in `console` blocks.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DIAGNOSES } from '../dist/index.js';
import { blocksOf, examplesOf, masked, openDocsFolder, pagesWithBlocks } from './doc-blocks.js';
import { withDiagnoses, withRules } from './generated-docs.js';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

const { rules } = JSON.parse(
  execFileSync(process.execPath, [join(root, 'bin', 'omny-consume.js'), 'rules', '--format', 'json'], {
    encoding: 'utf8',
  }),
);
change('docs/rules.md', (page) => withRules(page, rules));
change('docs/diagnoses.md', (page) => withDiagnoses(page, Object.values(DIAGNOSES)));

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
