import { type Command, Option } from 'commander';
import { SHAPE_NAMES } from '../../read/table-options.js';
import type { Start } from '../cli.js';
import { addInputOptions } from '../options/input.js';
import { addCommonOptions, valueOption, withExamples } from '../options/option.js';
import { addOutputOptions } from '../options/output.js';
import type { ConvertFlags } from './convert.js';
import type { ExpectFlags } from './expect.js';
import type { RulesFlags } from './rules.js';
import type { SchemaFlags } from './schema.js';

export function addConvert(program: Command, start: Start): void {
  const command = program
    .command('convert')
    .summary('turn any input into any output format')
    .description('Turns listening data of any input format into any output format, without sending it.');
  withExamples(command, [
    'omny-consume convert plays.csv | omny-consume validate',
    'omny-consume convert --output-format bodies -o bodies.ndjson plays.csv',
    'omny-consume convert --output-format csv events.ndjson.gz',
    'omny-consume convert --fix --fix-log changes.ndjson -o mended.ndjson plays.ndjson',
  ]);
  addOutputOptions(addInputOptions(command));
  command.option(
    '--fix',
    'mend what is certain: repeats, letter case, numbers from 0, milliseconds; tells what',
  );
  command.option('--close-open', 'with --fix, end a session that ends with a Start, where that Start stands');
  valueOption(command, '--fix-log <file>', 'with --fix, write each change, as NDJSON', { writes: true });
  valueOption(command, '--unreadable <file>', 'write the lines and rows that cannot be read, as they stand', {
    writes: true,
  });
  command.option(
    '--explain',
    'tell of each session made of rows which events stood in them, and which were inferred',
  );
  addCommonOptions(command);
  command.action((files: string[], flags: ConvertFlags) =>
    start(async (cli) => (await import('./convert.js')).runConvert(files, flags, cli)),
  );
}

export function addExpect(program: Command, start: Start): void {
  const command = program
    .command('expect')
    .summary('compare what a player sent with a described session')
    .description(
      'Compares each session that a player sent with what a script says it should have sent, within 1 s of time and 1 s of position.',
    );
  withExamples(command, [
    'omny-consume expect --script pause-and-seek.txt capture.ndjson',
    'omny-consume simulate --sessions 1 --script play.txt | omny-consume expect --script play.txt',
  ]);
  addInputOptions(command);
  command.requiredOption(
    '--script <file>',
    'the described session: play 30s; pause 5m; seek 300; speed 2; play 1m',
  );
  valueOption(command, '--format <format>', 'how to report', {
    choices: ['pretty', 'json'],
    default: 'pretty',
  });
  valueOption(command, '--clips <file>', 'CSV with ClipId and Duration in seconds: where playback ends');
  addCommonOptions(command);
  command.action((files: string[], flags: ExpectFlags) =>
    start(async (cli) => (await import('./expect.js')).runExpect(files, flags, cli)),
  );
}

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
    start(async (cli) => (await import('./rules.js')).runRules(id, flags, cli)),
  );
}

export function addSchema(program: Command, start: Start): void {
  const command = program
    .command('schema')
    .summary('print the JSON Schema of a request body, OpenAPI, or CSV templates')
    .description(
      'Prints the JSON Schema (2020-12) of a request body, with that of an event in its $defs; the endpoint as OpenAPI 3.1; or a CSV file to fill in.',
    );
  withExamples(command, [
    'omny-consume schema -o consumption.schema.json',
    'omny-consume schema --openapi -o consumption.openapi.json',
    'omny-consume schema --csv -o plays.csv && omny-consume validate plays.csv',
  ]);
  const choice = (flags: string, description: string, others: readonly string[]): void => {
    command.addOption(command.createOption(flags, description).conflicts([...others]));
  };
  choice('--event', 'the JSON Schema of one event', ['openapi', 'csv']);
  choice('--openapi', 'the endpoint as an OpenAPI 3.1 document, with examples', ['event', 'csv']);
  command.addOption(
    command
      .createOption('--csv [shape]', 'a CSV template: what a row is, a session unless given')
      .choices(SHAPE_NAMES)
      .conflicts(['event', 'openapi']),
  );
  addCommonOptions(command);
  command.action((flags: SchemaFlags) =>
    start(async (cli) => (await import('./schema.js')).runSchema(flags, cli)),
  );
}
