import type { BehaviourId } from '../../certify/define.js';
import { isPassed, type Sheet } from '../../certify/sheet.js';
import { CertifyWatch } from '../../certify/watch.js';
import { Diagnoses } from '../../diagnoses/diagnoses.js';
import { UserError } from '../../domain/errors.js';
import { memoryBudget } from '../../sessions/memory.js';
import { durationsOf, readClips } from '../../table/clip-tables.js';
import { inspect } from '../../validate/inspect.js';
import { Tally } from '../../validate/inspected.js';
import { INSPECT_DEFAULTS, type InspectOptions } from '../../validate/options.js';
import { type Cli, EXIT, type ExitCode } from '../cli.js';
import { type InputFlags, sourcesOf } from '../options/input.js';
import { type CommonFlags, noDataText, reportKeptOut, withinOf } from '../options/option.js';
import { openReading, UnreadablePlaces } from '../options/reading.js';
import type { SheetFormat } from '../options/rules.js';
import { openOutput, writeAll } from '../output.js';
import { colorsFor, columnsOf, forPeople } from '../terminal.js';
import { requireDistinctFiles } from '../written-files.js';
import { SHEET_REPORTERS, verdictOf } from './formats.js';

export interface CertifyFlags extends CommonFlags, InputFlags {
  readonly require?: ReadonlySet<BehaviourId>;
  readonly format: SheetFormat;
  readonly maxSpeed: number;
  readonly clips?: string;
}

export async function runCertify(files: readonly string[], flags: CertifyFlags, cli: Cli): Promise<ExitCode> {
  requireDistinctFiles({ 'the sheet': flags.output }, [...files, flags.clips, flags.clipMap]);
  const options: InspectOptions = {
    ...INSPECT_DEFAULTS,
    now: flags.now ?? cli.now(),
    maxSpeed: flags.maxSpeed,
    clipDurations: durationsOf(flags.clips === undefined ? [] : await readClips(flags.clips)),
    memory: memoryBudget(flags.memory),
    within: withinOf(flags, cli),
    separateStores: true,
  };
  const reading = await openReading(sourcesOf(files, flags, cli), flags, cli, {
    rules: options,
    withRefused: true,
  });
  const watch = new CertifyWatch(options);
  const diagnoses = new Diagnoses(options);
  const tally = new Tally();
  const inputs: string[] = [];
  const lost = new UnreadablePlaces(flags);
  for await (const chunk of inspect(reading.records, { ...options, certify: watch, diagnoses })) {
    for (const inspected of chunk) {
      tally.add(inspected);
      lost.note(inspected);
      if (inspected.kind === 'input') inputs.push(inspected.input.name);
    }
  }
  if (tally.nothing) throw new UserError('input', noDataText('certify', tally.keptOut));
  reportKeptOut(tally.keptOut, flags, cli);
  const sheet = watch.sheet({ diagnoses: diagnoses.end(), required: flags.require });
  await write(sheet, inputs, flags, cli);
  lost.report(cli, 'the sheet');
  reading.refuse();
  return isPassed(sheet) && !lost.incomplete && lost.errors === 0 && !reading.leavesOut
    ? EXIT.ok
    : EXIT.invalid;
}

async function write(sheet: Sheet, inputs: readonly string[], flags: CertifyFlags, cli: Cli): Promise<void> {
  const { output, format } = flags;
  const pieces = SHEET_REPORTERS[format](sheet, {
    colors: colorsFor(cli.stdout, output === undefined ? flags.color : 'never', cli.env),
    columns: output === undefined ? columnsOf(cli.stdout) : null,
    inputs,
    now: flags.now ?? cli.now(),
  });
  await writeAll(
    await openOutput(output, cli.stdout),
    format === 'pretty' ? forPeople(pieces, output, cli) : pieces,
  );
  if (output !== undefined && !flags.quiet) cli.stderr.write(`${verdictOf(sheet).text}\n`);
}
