// Makes anew what the README has from the program itself: its tables of rules and of diagnoses.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DIAGNOSES } from '../dist/index.js';
import { withDiagnosisTable } from './diagnosis-table.js';
import { withRuleTable } from './rule-table.js';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const readme = join(root, 'README.md');

const told = execFileSync(
  process.execPath,
  [join(root, 'bin', 'omny-consume.js'), 'rules', '--format', 'json'],
  { encoding: 'utf8' },
);
const withRules = withRuleTable(readFileSync(readme, 'utf8'), JSON.parse(told).rules);
writeFileSync(readme, withDiagnosisTable(withRules, Object.values(DIAGNOSES)));
