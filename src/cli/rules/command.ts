import { type Command, Option } from 'commander';
import { addCommonOptions, withExamples } from '../options/everywhere.js';
import { valueOption } from '../options/option.js';
import type { Start } from '../program.js';
import type { RulesFlags } from './run.js';

export function addRules(program: Command, start: Start): void {
  const command = program
    .command('rules')
    .summary('list the rules, or explain one')
    .description(
      'Lists the rules with their severities, or explains one: when it fires, why, what it rests on, an example that breaks it, the same mended, and how to mend a player.',
    )
    .argument('[id]', 'the rule to explain, such as seq-gap');
  withExamples(command, [
    'omny-consume rules',
    'omny-consume rules seq-gap',
    'omny-consume rules seq-gap --example broken | omny-consume validate',
    "omny-consume rules --format json | jq -r '.rules[].id'",
  ]);
  valueOption(command, '--format <format>', 'how to tell it', {
    choices: ['pretty', 'json'],
    default: 'pretty',
  });
  command.addOption(
    new Option('--example <which>', 'print an example alone, whole, as every command reads it')
      .choices(['broken', 'mended'])
      .conflicts('format'),
  );
  addCommonOptions(command);
  command.action((id: string | undefined, flags: RulesFlags) =>
    start(async (cli) => (await import('./run.js')).runRules(id, flags, cli)),
  );
}
