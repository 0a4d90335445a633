import type { Command } from 'commander';
import { pluralize } from '../../domain/text.js';
import type { Within } from '../../validate/within.js';
import type { Cli } from '../cli.js';
import type { CommonFlags } from './everywhere.js';
import { valueOption } from './option.js';
import { time } from './parsers.js';

/** Unix seconds, or how many seconds ago. */
export type Moment = number | { readonly ago: number };

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** A time, or `now-24h`. */
function moment(text: string): Moment {
  const [, number, unit = ''] = /^now-(\d+)([smhd])$/.exec(text) ?? [];
  return number === undefined ? time(text) : { ago: Number(number) * UNITS[unit]! };
}

function secondsOf(at: Moment, now = Date.now() / 1000): number {
  return typeof at === 'number' ? at : now - at.ago;
}

/** What commands take that look at sessions of a span of time only. */
export interface WindowFlags {
  readonly since?: Moment;
  readonly until?: Moment;
  /** Unix seconds that count as now. */
  readonly now?: number;
}

export function addWindowOptions(command: Command): Command {
  valueOption(
    command,
    '--since <time>',
    'only sessions whose last event is at this time (or now-24h) or later',
    {
      parse: moment,
      env: true,
    },
  );
  valueOption(
    command,
    '--until <time>',
    'only sessions whose last event is at this time (or now-24h) or earlier',
    {
      parse: moment,
      env: true,
    },
  );
  return command;
}

/**
 * Which sessions `--since` and `--until` let in; undefined: all.
 * @param offset Seconds by which the input's times are moved.
 */
export function withinOf({ since, until, now }: WindowFlags, offset = 0): Within | undefined {
  if (since === undefined && until === undefined) return undefined;
  return {
    since: since === undefined ? Number.NEGATIVE_INFINITY : secondsOf(since, now) + offset,
    until: until === undefined ? Number.POSITIVE_INFINITY : secondsOf(until, now) + offset,
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
