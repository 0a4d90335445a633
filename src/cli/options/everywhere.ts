import type { Command } from 'commander';
import { COLOR_CHOICES, type ColorChoice } from '../colors.js';
import { valueOption } from './option.js';
import { finiteNumber } from './parsers.js';

/** What every command takes. */
export interface CommonFlags {
  readonly output?: string;
  /** A config file named by hand; false: none is read. Absent: the one that is found. */
  readonly config?: string | false;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly color: ColorChoice;
  /** Unix seconds that count as now. */
  readonly now?: number;
}

export function addCommonOptions(command: Command): Command {
  valueOption(command, '-o, --output <file>', 'write to a file instead of standard output', { writes: true });
  valueOption(command, '--config <file>', 'take settings from this config file, whoever owns it');
  command.option('--no-config', 'take settings from no config file');
  command.option('-q, --quiet', 'say nothing on standard error but errors');
  command.option('-v, --verbose', 'say more');
  valueOption(command, '--color <when>', 'use colours', { choices: COLOR_CHOICES, default: 'auto' });
  valueOption(command, '--now <unix>', 'unix time in seconds that counts as now', {
    parse: finiteNumber(0),
    env: true,
  });
  return command;
}

/** Whether more is to be said on standard error. `-q` outdoes `-v`. */
export function saysMore({ quiet, verbose }: Pick<CommonFlags, 'quiet' | 'verbose'>): boolean {
  return verbose === true && quiet !== true;
}

/** Puts runnable examples before a command's help. */
export function withExamples(command: Command, examples: readonly string[]): Command {
  return command.addHelpText('before', `Examples:\n${examples.map((line) => `  $ ${line}\n`).join('')}`);
}
