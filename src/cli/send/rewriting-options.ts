import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { UserError } from '../../domain/errors.js';
import { isEmptyGuid } from '../../domain/guid.js';
import type { Pace } from '../../send/plan.js';
import type { Rewriting } from '../../send/rewriting.js';
import { valueOption } from '../options/option.js';
import { finiteNumber, guid, time, wholeNumber } from '../options/parsers.js';

/** What of the input is sent, when, and how it is changed. */
export interface RewritingFlags {
  readonly limit?: number;
  readonly pace: number;
  /** Seconds. */
  readonly maxGap?: number;
  /** As given: unix seconds, ISO 8601, a date, `now`. */
  readonly shiftTo?: string;
  readonly newSessionIds?: boolean;
  readonly setOrganization?: string;
  readonly setClip?: string;
}

export function addRewritingOptions(command: Command): void {
  valueOption(command, '--limit <n>', 'only the first so many sessions that are not delivered yet', {
    parse: wholeNumber(1),
    env: true,
  });
  valueOption(command, '--pace <speed>', 'as fast as may be, or as it was heard: max, 1x, 10x', {
    parse: speed,
    default: Number.POSITIVE_INFINITY,
    defaultText: 'max',
    env: true,
  });
  valueOption(command, '--max-gap <seconds>', 'with --pace, the longest wait between two sessions', {
    parse: finiteNumber(0),
    env: true,
  });
  valueOption(command, '--shift-to <time>', 'move all times so that the earliest is this one, or now', {
    parse: time,
    env: true,
  });
  command.option('--new-session-ids', 'give sessions new ids; the same input gives the same ones');
  valueOption(command, '--set-organization <guid>', 'send everything as of this organization', {
    parse: realGuid,
    env: true,
  });
  valueOption(command, '--set-clip <guid>', 'send everything as of this clip', {
    parse: realGuid,
    env: true,
  });
}

/** How sessions are changed before they are sent. */
export function rewritingOf({ newSessionIds = false, setOrganization, setClip }: RewritingFlags): Rewriting {
  return { newSessionIds, setOrganization, setClip };
}

/** How sessions follow each other; null where as fast as may be. */
export function paceOf({ pace, maxGap }: RewritingFlags): Pace | null {
  if (pace === Number.POSITIVE_INFINITY) {
    if (maxGap === undefined) return null;
    throw new UserError('usage', '--max-gap is for --pace 1x or 10x: at --pace max nothing waits');
  }
  return { speed: pace, maxGapMs: (maxGap ?? Number.POSITIVE_INFINITY) * 1000 };
}

/** The certificates of `--ca`. @throws UserError of kind `input` where it holds none */
export async function certificates(path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return undefined;
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UserError('input', `${path}: ${error.code === 'ENOENT' ? 'no such file' : error.message}`);
  });
  try {
    void new X509Certificate(text);
  } catch {
    throw new UserError('input', `${path}: expected certificates in PEM (-----BEGIN CERTIFICATE-----)`);
  }
  return text;
}

function speed(text: string): number {
  if (text === 'max') return Number.POSITIVE_INFINITY;
  const factor = Number(/^(\d+(?:\.\d+)?)x$/.exec(text)?.[1] ?? Number.NaN);
  if (!(factor > 0)) throw new InvalidArgumentError('Expected max, 1x or 10x.');
  return factor;
}

function realGuid(text: string): string {
  const id = guid(text);
  if (isEmptyGuid(id)) throw new InvalidArgumentError('All zeros are no id.');
  return id;
}
