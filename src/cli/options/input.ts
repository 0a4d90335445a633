import { Command } from 'commander';
import { UserError } from '../../domain/errors.js';
import { escaped, pluralize } from '../../domain/text.js';
import { readDelimiter } from '../../read/csv/rows.js';
import type { InputFormat } from '../../read/detect.js';
import type { Capture } from '../../read/har/har.js';
import type { ReadOptions } from '../../read/read.js';
import type { InputSource } from '../../read/source.js';
import {
  LENGTH_UNITS,
  type LengthUnit,
  QUERY_MEMORY_FACTOR,
  SHAPE_NAMES,
  type ShapeName,
  TIME_UNITS,
  type TimeUnit,
} from '../../read/table-options.js';
import { DEFAULT_MEMORY_MIB, memoryBudget, shareOf } from '../../sessions/memory.js';
import { ENDPOINT_PATH } from '../../wire/body.js';
import type { Cli } from '../cli.js';
import { addWindowOptions, type CommonFlags, isVerbose, valueOption, type WindowFlags } from './option.js';
import { finiteNumber, guid, headers, pair, several, wholeNumber } from './parsers.js';
import { expandInputs } from './patterns.js';

/** The flags of commands that read listening data. */
export interface InputFlags extends WindowFlags {
  readonly inputFormat: InputFormat | 'auto';
  readonly shape?: ShapeName;
  readonly map?: ReadonlyMap<string, string>;
  readonly type?: readonly string[];
  readonly gap?: number;
  readonly sessionKey?: readonly string[];
  readonly null?: readonly string[];
  readonly delimiter?: string;
  readonly timezone?: string;
  readonly timestampUnit?: TimeUnit;
  readonly durationUnit?: LengthUnit;
  readonly positionUnit?: LengthUnit;
  readonly clipDurationUnit?: LengthUnit;
  readonly organization?: string;
  readonly clipMap?: string;
  readonly skipUnmapped?: boolean;
  readonly query?: string;
  /** The memory limit for sessions in MiB. */
  readonly memory: number;
}

/** The name of standard input in messages. */
export const STDIN = '<stdin>';
/** The name of the rows of `--query` in messages. */
const QUERY = '<query>';

/** Whether the name of an input is a file name. */
export function isFileName(name: string): boolean {
  return name !== STDIN && name !== QUERY;
}

/**
 * The share of the memory budget for rows that wait for the rest of their session. The events of these rows follow
 * after all other sessions were grouped.
 */
const TABLE_SHARE = 1 / 2;

export function addInputOptions(command: Command): Command {
  command.argument(
    '[files...]',
    'files, folders or patterns such as "plays/*.csv"; without a file, or with -, reads standard input',
  );
  command.hook('preAction', async () => {
    const [files] = command.processedArgs as [readonly string[]];
    if (files.length === 0) return;
    command.processedArgs = [await expandInputs(files)];
  });
  valueOption(command, '--input-format <format>', 'format of the inputs', {
    choices: ['auto', 'json', 'ndjson', 'csv', 'har'],
    default: 'auto',
    env: true,
  });
  addTableOptions(command);
  valueOption(
    command,
    '--query <sql>',
    'read the rows of a SELECT instead of files: "select * from \'plays/*.parquet\'" (needs @duckdb/node-api)',
  );
  valueOption(
    command,
    '--organization <guid>',
    'OrganizationId for tables without one; data of another organization is refused',
    { parse: guid, env: true },
  );
  valueOption(
    command,
    '--clip-map <file>',
    'replace other ids with ClipIds from this file: CSV with the columns from and ClipId, an Omny RSS feed, or JSON of the consumer API',
    { env: true },
  );
  command.option('--skip-unmapped', 'leave out sessions whose clip is not in the --clip-map file');
  addWindowOptions(command);
  valueOption(
    command,
    '--memory <mb>',
    'memory for sessions in MiB, and twice as much for DuckDB; beyond it, temporary files in TMPDIR are used',
    { parse: wholeNumber(1), default: DEFAULT_MEMORY_MIB, env: true },
  );
  return command;
}

/** Options for tables: CSV, and JSON objects that are rows. */
function addTableOptions(command: Command): void {
  valueOption(command, '--shape <shape>', 'what a row is', {
    choices: SHAPE_NAMES,
    defaultText: 'recognized by the columns',
    env: true,
  });
  valueOption(
    command,
    '--map <column=header>',
    'use another column name: --map ClipId=episode_guid (repeatable)',
    {
      parse: pair,
      several: 'pairs',
    },
  );
  valueOption(
    command,
    '--type <name=value,...>',
    'what the values of Type mean: --type Start=play,resume (repeatable)',
    { parse: several, several: 'list' },
  );
  valueOption(command, '--gap <seconds>', 'for pings: longest gap within an interval', {
    defaultText: 'measured from the pings',
    parse: finiteNumber(0, { above: true }),
    env: true,
  });
  valueOption(
    command,
    '--session-key <header,...>',
    'columns that identify a session, where there is no SessionId (repeatable)',
    { parse: headers, several: 'list' },
  );
  valueOption(command, '--null <text>', 'a cell with this text counts as empty (repeatable)', {
    parse: several,
    several: 'list',
  });
  valueOption(command, '--delimiter <char>', 'CSV: column separator, one character or tab', {
    defaultText: 'detected',
    env: true,
  });
  valueOption(command, '--timezone <zone>', 'time zone of times without an offset, such as Europe/Berlin', {
    env: true,
  });
  valueOption(command, '--timestamp-unit <unit>', 'unit of times that are numbers', {
    choices: TIME_UNITS,
    defaultText: 's',
    env: true,
  });
  for (const [flag, what, defaultText] of LENGTH_FLAGS) {
    const settings = { choices: LENGTH_UNITS, defaultText, env: true };
    valueOption(command, `${flag} <unit>`, `unit of ${what}`, settings);
  }
}

const LENGTH_FLAGS = [
  ['--duration-unit', 'ListenedSeconds', 's'],
  ['--position-unit', 'positions', 's'],
  ['--clip-duration-unit', 'ClipDuration', 'what its header says, or s'],
] as const;

/** How to read the inputs. Notes about captures go to standard error. */
export function readOptionsOf(flags: InputFlags & CommonFlags, cli: Cli): ReadOptions {
  const {
    inputFormat,
    shape,
    map = new Map(),
    type,
    gap,
    sessionKey,
    delimiter,
    timezone,
    organization,
  } = flags;
  const { timestampUnit, durationUnit, positionUnit, clipDurationUnit } = flags;
  return {
    format: inputFormat,
    shape,
    map,
    types: type,
    gap,
    sessionKey,
    nulls: flags.null,
    delimiter: delimiter === undefined ? undefined : readDelimiter(delimiter),
    timezone,
    timestampUnit,
    durationUnit,
    positionUnit,
    clipDurationUnit,
    organization,
    memory: shareOf(memoryBudget(flags.memory), TABLE_SHARE),
    queryMemory: memoryBudget(QUERY_MEMORY_FACTOR * flags.memory),
    onShape: (file, found) => {
      if (isVerbose(flags)) cli.stderr.write(`${escaped(file)}: rows read as ${found}\n`);
    },
    onNote: (file, note) => {
      if (!flags.quiet) cli.stderr.write(`${escaped(file)}: ${note}\n`);
    },
    onInput: (input, format) => {
      if (isVerbose(flags)) cli.stderr.write(`${escaped(input.name)}: read as ${format}\n`);
    },
    onCapture: (capture) => {
      if (!flags.quiet) cli.stderr.write(captureText(capture));
      else if (capture.requests === 0) cli.stderr.write(misdirectedText(capture));
    },
  };
}

/** Options that select sessions or limit memory, and do not change how an input is read. */
const NOT_READING = new Set(['--since', '--until', '--memory']);

/** The words of a command line that say how to read its inputs. */
export function readingWords(args: readonly string[]): readonly string[] {
  const options = new Map(
    addInputOptions(new Command()).options.map((option) => [option.long ?? '', option]),
  );
  const words: string[] = [];
  for (let i = 0; i < args.length && args[i] !== '--'; i += 1) {
    const [name = '', value] = args[i]!.split('=', 2);
    const option = options.get(name);
    if (!option || NOT_READING.has(name)) continue;
    words.push(args[i]!);
    const takesNext = value === undefined && !option.isBoolean();
    if (takesNext && i + 1 < args.length) words.push(args[i + 1]!);
  }
  return words;
}

/**
 * The inputs that the arguments name, or the query.
 * @throws UserError of kind `usage` when both are given, when standard input is a terminal, or when it is named twice
 */
export function sourcesOf(
  files: readonly string[],
  { query }: Pick<InputFlags, 'query'>,
  cli: Cli,
): readonly InputSource[] {
  if (query !== undefined) {
    if (files.length > 0) {
      throw new UserError(
        'usage',
        `--query replaces files, but ${files[0]} is given too`,
        'Name the file in the query, or leave --query out',
      );
    }
    return [{ name: QUERY, query }];
  }
  const names = files.length === 0 ? ['-'] : files;
  if (names.filter((name) => name === '-').length > 1) {
    throw new UserError('usage', 'standard input (-) is given more than once, but it can be read only once');
  }
  if (names.includes('-') && cli.stdin.isTTY) {
    throw new UserError(
      'usage',
      'no input: standard input is a terminal',
      'Name a file, or pipe data in: omny-consume simulate | omny-consume validate',
    );
  }
  return names.map((name) => (name === '-' ? { name: STDIN, bytes: cli.stdin } : name));
}

/** Whether standard input is among the inputs. */
export function readsStdin(sources: readonly InputSource[]): boolean {
  return sources.some((source) => typeof source !== 'string' && 'bytes' in source);
}

/** Notes about a capture in addition to its findings; can be empty. */
function captureText(capture: Capture): string {
  const { input, entries, requests, missing, twins, unanswered, statuses, disabled, misdirected } = capture;
  const notes: string[] = [];
  if (requests === 0) {
    const why = ' (browsers can miss beacons sent while a page closes; omny-consume mock records all)';
    notes.push(
      `no POST to ${ENDPOINT_PATH} among ${pluralize(entries, 'exchange')}${misdirected ? '' : why}`,
    );
  }
  for (const [why, times] of missing) {
    notes.push(
      `${times} of ${pluralize(requests, 'request')} without a body: ${why}. Left out (omny-consume mock records all)`,
    );
  }
  if (twins > 0) {
    notes.push(
      `${pluralize(twins, 'request')} recorded twice, for a page and for its service worker: counted once`,
    );
  }
  if (unanswered > 0) notes.push(`${pluralize(unanswered, 'request')} failed, or no answer was recorded`);
  for (const [status, times] of statuses) notes.push(`${pluralize(times, 'request')} answered ${status}`);
  if (disabled > 0) notes.push(`${pluralize(disabled, 'request')} answered Enabled: false`);
  return notes.map((line) => `${escaped(input.name)}: ${line}\n`).join('') + misdirectedText(capture);
}

/** The note about requests with events that did not go to the endpoint; empty without any. */
function misdirectedText({ input, misdirected }: Capture): string {
  if (!misdirected) return '';
  const { requests, target, line } = misdirected;
  const found =
    requests === 1
      ? '1 request with events was not read:'
      : `${requests} requests with events were not read. The first:`;
  return `${escaped(input.name)}: ${found} ${escaped(target)} (line ${line}). Expected: POST to ${ENDPOINT_PATH}\n`;
}
