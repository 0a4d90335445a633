import type { Command } from 'commander';
import { pluralize } from '../../domain/text.js';
import type { Within } from '../../validate/within.js';
import type { Cli } from '../cli.js';
import { type CommonFlags, valueOption } from './option.js';
import { momentOf, type TimeFlags, time } from './parsers.js';

/** What commands take that look at sessions of a span of time only. */
export interface WindowFlags {
  /** As given: unix seconds, ISO 8601, a date, `now-24h`. */
  readonly since?: string;
  readonly until?: string;
}

export function addWindowOptions(command: Command): Command {
  valueOption(command, '--since <time>', 'only sessions whose last event is at this time or later', {
    parse: time,
    env: true,
  });
  valueOption(command, '--until <time>', 'only sessions whose last event is at this time or earlier', {
    parse: time,
    env: true,
  });
  return command;
}

/**
 * Which sessions `--since` and `--until` let in; undefined: all.
 * @param offset Seconds by which the input's times are moved.
 */
export function withinOf(flags: WindowFlags & TimeFlags, cli: Cli, offset = 0): Within | undefined {
  const { since, until } = flags;
  if (since === undefined && until === undefined) return undefined;
  return {
    since: since === undefined ? Number.NEGATIVE_INFINITY : momentOf('--since', since, flags, cli) + offset,
    until: until === undefined ? Number.POSITIVE_INFINITY : momentOf('--until', until, flags, cli) + offset,
  };
}

/** Tells of the sessions that are in no count. */
export function tellKeptOut(sessions: number, { quiet }: CommonFlags, { stderr }: Cli): void {
  if (sessions > 0 && !quiet) stderr.write(`${keptOutText(sessions)}\n`);
}

/** Why there is nothing to look at: `nothing to validate: no event and no request in the input`. */
export function nothingText(verb: string, keptOut: number): string {
  return `nothing to ${verb}: ${keptOut > 0 ? keptOutText(keptOut) : 'no event and no request in the input'}`;
}

function keptOutText(sessions: number): string {
  return `${pluralize(sessions, 'session')} kept out by --since and --until`;
}
