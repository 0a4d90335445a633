import type { Command } from 'commander';
import { addCommonOptions, withExamples } from '../options/everywhere.js';
import type { Start } from '../program.js';
import type { CsvShape } from './csv-templates.js';
import type { SchemaFlags } from './run.js';

const CSV_SHAPES = ['sessions', 'events'] as const satisfies readonly CsvShape[];

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
      .createOption('--csv [shape]', 'a CSV template: a session a row if not told, or an event a row')
      .choices(CSV_SHAPES)
      .conflicts(['event', 'openapi']),
  );
  addCommonOptions(command);
  command.action((flags: SchemaFlags) =>
    start(async (cli) => (await import('./run.js')).runSchema(flags, cli)),
  );
}
