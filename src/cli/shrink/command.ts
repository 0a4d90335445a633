import { type Command, InvalidArgumentError } from 'commander';
import { DIAGNOSIS_IDS, type DiagnosisId, RULE_IDS, type RuleId } from '../../domain/finding.js';
import type { Start } from '../cli.js';
import { addInputOptions } from '../options/input.js';
import { addCommonOptions, valueOption, withExamples } from '../options/option.js';
import { addRuleSettings, ruleOrDiagnosis, ruleSeverity } from '../options/rules.js';
import type { ShrinkFlags, ShrinkRules } from './documents.js';

export function addShrink(program: Command, start: Start): void {
  const command = program
    .command('shrink')
    .summary('make the smallest input that still has a finding')
    .description(
      'Makes the smallest input that still has a finding of a rule, or a diagnosis: first with the fewest requests, sessions and events, then with the simplest values. Ids and texts are replaced, times are moved, and the rest of a capture is left out, so that you can put the result into a ticket.',
    );
  withExamples(command, [
    'omny-consume shrink --rule seq-gap capture.ndjson',
    'omny-consume shrink --rule session-split -o split.har capture.har',
    'omny-consume shrink --diagnosis position-stuck -o stuck.ndjson plays.ndjson',
    'omny-consume shrink --rule seq-gap --as curl capture.ndjson',
  ]);
  addInputOptions(command);
  valueOption<ShrinkRules>(
    command,
    '--rule <id[=severity]>',
    'keep a finding of this rule; with =severity, set the severity of a rule or diagnosis (repeatable)',
    { parse: wantedRule, several: 'pairs' },
  );
  valueOption(command, '--diagnosis <id>', 'keep this diagnosis, instead of a finding of a rule', {
    parse: wantedDiagnosis,
  });
  addRuleSettings(command);
  valueOption(
    command,
    '--as <form>',
    'print curl commands for omny-consume mock, or JSON with the input and its findings for a test',
    { choices: ['curl', 'fixture'], defaultText: 'the format of the input' },
  );
  addCommonOptions(command);
  command.action((files: string[], flags: ShrinkFlags) =>
    start(async (cli) => (await import('./run.js')).runShrink(files, flags, cli)),
  );
}

function wantedRule(text: string, before: ShrinkRules = new Map()): ShrinkRules {
  if (text.includes('=')) return new Map([...before, ...ruleSeverity(text)]);
  const id = ruleOrDiagnosis(text);
  if (!isRule(id)) throw new InvalidArgumentError(`${id} is a diagnosis: give --diagnosis ${id}.`);
  return new Map([...before, [`@${id}`, 'wanted']]);
}

function wantedDiagnosis(text: string): DiagnosisId {
  const id = ruleOrDiagnosis(text);
  if (isRule(id)) throw new InvalidArgumentError(`${id} is a rule: give --rule ${id}.`);
  return id;
}

function isRule(id: RuleId | DiagnosisId): id is RuleId {
  return !DIAGNOSIS_IDS.some((diagnosis) => diagnosis === id) && RULE_IDS.some((rule) => rule === id);
}
