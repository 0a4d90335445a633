import type { Command } from 'commander';
import { UserError } from '../../domain/errors.js';
import { escaped } from '../../domain/text.js';
import { readDelimiter } from '../../read/csv/delimiter.js';
import type { InputFormat } from '../../read/detect.js';
import type { ReadOptions } from '../../read/read.js';
import type { InputSource } from '../../read/source.js';
import { DEFAULT_MEMORY_MIB } from '../../sessions/memory.js';
import type { Cli } from '../cli.js';
import { captureText } from './capture-text.js';
import { type CommonFlags, saysMore } from './everywhere.js';
import { valueOption } from './option.js';
import { guid, pair, wholeNumber } from './parsers.js';
import { addWindowOptions, type WindowFlags } from './window.js';

/** What commands take that read listening data. */
export interface InputFlags extends WindowFlags {
  readonly inputFormat: InputFormat | 'auto';
  readonly map?: ReadonlyMap<string, string>;
  readonly delimiter?: string;
  readonly timezone?: string;
  readonly timestampUnit?: 's' | 'ms';
  readonly organization?: string;
  readonly clipMap?: string;
  /** MiB for sessions held. */
  readonly memory: number;
}

const STDIN = '<stdin>';

export function addInputOptions(command: Command): Command {
  command.argument('[files...]', 'inputs; none, or -, reads standard input');
  valueOption(command, '--input-format <format>', 'format of the inputs', {
    choices: ['auto', 'json', 'ndjson', 'csv', 'har'],
    default: 'auto',
    env: true,
  });
  valueOption(command, '--map <column=header>', 'CSV: a column that is called otherwise (repeatable)', {
    parse: pair,
    several: 'pairs',
  });
  valueOption(command, '--delimiter <char>', 'CSV: what stands between cells (default: detected)', {
    env: true,
  });
  valueOption(command, '--timezone <zone>', 'CSV: zone of times without an offset, such as Europe/Berlin', {
    env: true,
  });
  valueOption(command, '--timestamp-unit <unit>', 'CSV: unit of times that are numbers', {
    choices: ['s', 'ms'],
    env: true,
  });
  valueOption(
    command,
    '--organization <guid>',
    'fills an absent OrganizationId in CSV; data of another organization is refused',
    { parse: guid, env: true },
  );
  valueOption(command, '--clip-map <file>', 'CSV with from and ClipId: turns other ids into ClipIds', {
    env: true,
  });
  addWindowOptions(command);
  valueOption(command, '--memory <mb>', 'for sessions held; what is more goes to temporary files (TMPDIR)', {
    parse: wholeNumber(1),
    default: DEFAULT_MEMORY_MIB,
    env: true,
  });
  return command;
}

/** How the inputs are to be read. What is to be told of captures is written to standard error. */
export function readOptionsOf(flags: InputFlags & CommonFlags, cli: Cli): ReadOptions {
  const { inputFormat, map = new Map(), delimiter, timezone, timestampUnit, organization } = flags;
  return {
    format: inputFormat,
    map,
    delimiter: delimiter === undefined ? undefined : readDelimiter(delimiter),
    timezone,
    timestampUnit,
    organization,
    onInput: (input, format) => {
      if (saysMore(flags)) cli.stderr.write(`${escaped(input.name)}: read as ${format}\n`);
    },
    onCapture: (capture) => {
      if (!flags.quiet) cli.stderr.write(captureText(capture));
    },
  };
}

/** The inputs that the arguments name. @throws UserError of kind `usage` where standard input is a terminal, or named twice. */
export function sourcesOf(files: readonly string[], cli: Cli): readonly InputSource[] {
  const names = files.length === 0 ? ['-'] : files;
  if (names.filter((name) => name === '-').length > 1) {
    throw new UserError('usage', 'standard input (-) is named more than once: it can be read only once');
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
  return sources.some((source) => typeof source !== 'string');
}
