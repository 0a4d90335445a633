import type { Command } from 'commander';
import { SOURCES } from '../../domain/event-batch.js';
import { OUTPUT_FORMATS, type OutputFormat } from '../../write/output-formats.js';
import type { WriteOptions } from '../../write/write.js';
import { valueOption } from './option.js';
import { wholeNumber } from './parsers.js';

/** What commands take that put sessions into requests. */
export interface BatchFlags {
  readonly source?: string;
  readonly batchSessions: number;
  readonly batchBytes: number;
}

/** What commands take that write events. */
export interface OutputFlags extends BatchFlags {
  readonly outputFormat: OutputFormat;
}

export function addBatchOptions(command: Command): Command {
  valueOption(command, '--source <name>', 'Source of sessions that carry none, Custom if not told', {
    choices: SOURCES,
    env: true,
  });
  valueOption(command, '--batch-sessions <n>', 'most sessions in a request', {
    parse: wholeNumber(1),
    default: 50,
    env: true,
  });
  valueOption(command, '--batch-bytes <n>', 'most bytes of a request body', {
    parse: wholeNumber(1),
    default: 65_536,
    env: true,
  });
  return command;
}

export function addOutputOptions(command: Command): Command {
  valueOption(
    command,
    '--output-format <format>',
    'ndjson (an event a line), json, csv, or bodies (a request body a line)',
    {
      choices: OUTPUT_FORMATS,
      default: 'ndjson',
      env: true,
    },
  );
  return addBatchOptions(command);
}

/** How events are to be written. */
export function writeOptionsOf(flags: OutputFlags): WriteOptions {
  return {
    format: flags.outputFormat,
    defaultSource: flags.source,
    maxSessions: flags.batchSessions,
    maxBytes: flags.batchBytes,
  };
}
