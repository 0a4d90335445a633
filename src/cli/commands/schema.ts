import { VERSION } from '../../domain/version.js';
import type { ShapeName } from '../../read/table-options.js';
import { bodyJsonSchema, eventJsonSchema, openApi } from '../../wire/openapi.js';
import type { Cli } from '../cli.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import type { CommonFlags } from '../options/option.js';
import { openOutput, writeAll } from '../output.js';

export interface SchemaFlags extends CommonFlags {
  readonly event?: true;
  readonly openapi?: true;
  /** True where no shape is named. */
  readonly csv?: ShapeName | true;
}

export async function runSchema(flags: SchemaFlags, cli: Cli): Promise<ExitCode> {
  await writeAll(await openOutput(flags.output, cli.stdout), [await textOf(flags)]);
  if (flags.csv === true && !flags.quiet) {
    cli.stderr.write('a row is a listening session; others: --csv events, --csv intervals, --csv pings\n');
  }
  return EXIT.ok;
}

async function textOf({ csv, openapi, event }: SchemaFlags): Promise<string> {
  if (csv) return (await import('./csv-template.js')).csvTemplate(csv === true ? 'sessions' : csv);
  if (openapi) return json(openApi(VERSION));
  return json(event ? eventJsonSchema() : bodyJsonSchema());
}

function json(document: object): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}
