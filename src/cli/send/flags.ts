import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { UserError } from '../../domain/errors.js';
import { type Proxies, proxyUrl } from '../../send/connections.js';
import type { Pace } from '../../send/plan.js';
import type { OnAmbiguous } from '../../send/policy.js';
import type { Rewriting } from '../../send/rewriting.js';
import { ALL_SHARDS, type Shard } from '../../send/shard.js';
import type { Cli } from '../cli.js';
import type { InputFlags } from '../options/input.js';
import type { BatchFlags, CommonFlags } from '../options/option.js';
import type { RuleFlags } from '../options/rules.js';

/** The flags of `send`. */
export interface SendFlags extends CommonFlags, InputFlags, RuleFlags, BatchFlags, RewritingFlags {
  readonly shard?: string;
  readonly shardCount?: number;
  readonly ca?: string;
  readonly endpoint?: string;
  readonly concurrency: number;
  /** Requests a second. */
  readonly rate?: number;
  /** Seconds. */
  readonly timeout: number;
  readonly retries: number;
  /** Seconds. */
  readonly deadline?: number;
  readonly maxRefused: number;
  readonly onAmbiguous?: OnAmbiguous;
  /** False for `--no-ledger`. */
  readonly ledger?: string | boolean;
  readonly known?: readonly string[];
  readonly ledgerAnywhere?: boolean;
  readonly wait?: boolean;
  readonly retryRefused?: boolean;
  readonly status?: string;
  readonly format: 'pretty' | 'json';
  readonly deadLetter?: string;
  readonly dryRun?: boolean;
  readonly printCurl?: boolean;
  readonly skipInvalid?: boolean;
  readonly yes?: boolean;
  readonly allowSimulated?: boolean;
  readonly allowLong?: boolean;
}

/** The flags that select sessions, pace them and change them. */
interface RewritingFlags {
  readonly limit?: number;
  readonly pace: number;
  /** Seconds. */
  readonly maxGap?: number;
  /** As typed: unix seconds, ISO 8601, a date, or `now`. */
  readonly shiftTo?: string;
  readonly newSessionIds?: boolean;
  readonly setOrganization?: string;
  readonly setClip?: string;
}

/** How to change sessions before sending. */
export function rewritingOf({ newSessionIds = false, setOrganization, setClip }: RewritingFlags): Rewriting {
  return { newSessionIds, setOrganization, setClip };
}

/** The timing between sessions; null to send as fast as possible. */
export function paceOf({ pace, maxGap }: RewritingFlags): Pace | null {
  if (pace === Number.POSITIVE_INFINITY) {
    if (maxGap === undefined) return null;
    throw new UserError('usage', '--max-gap needs --pace 1x or 10x: --pace max never waits');
  }
  return { speed: pace, maxGapMs: (maxGap ?? Number.POSITIVE_INFINITY) * 1000 };
}

/** The certificates of `--ca`. @throws UserError of kind `input` when the file holds no certificate */
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

/**
 * The shard of `--shard I/N`, or the one that `auto` finds in the environment, printed on standard error.
 * @throws UserError of kind `usage` when it is not a shard, or `auto` finds nothing
 */
export function shardOf({ shard, shardCount, quiet }: SendFlags, cli: Cli): Shard {
  if (shard === undefined) {
    if (shardCount === undefined) return ALL_SHARDS;
    throw new UserError('usage', '--shard-count needs --shard auto');
  }
  if (shard !== 'auto') {
    const [, index = '', count = ''] = /^(\d+)\/(\d+)$/.exec(shard) ?? [];
    return checked(Number(index), Number(count), JSON.stringify(shard));
  }
  const found = detected(cli.env, shardCount);
  if (!found) {
    throw new UserError(
      'usage',
      '--shard auto found no array job: none of SLURM_ARRAY_TASK_ID, JOB_COMPLETION_INDEX and AWS_BATCH_JOB_ARRAY_INDEX is set',
      'Give the shard: --shard 1/4.',
    );
  }
  const { index, count } = checked(found.index, found.count, found.what);
  if (!quiet) cli.stderr.write(`shard ${index}/${count}, from ${found.what}\n`);
  return { index, count };
}

interface Found {
  readonly index: number;
  readonly count: number;
  readonly what: string;
}

/** The shard in an array job's environment, counted from 1. */
function detected(env: Cli['env'], shardCount: number | undefined): Found | null {
  if (env.SLURM_ARRAY_TASK_ID) return slurmTask(env, env.SLURM_ARRAY_TASK_ID, shardCount);
  const completion = env.JOB_COMPLETION_INDEX;
  if (completion) {
    if (shardCount === undefined) {
      throw new UserError(
        'usage',
        `--shard auto found JOB_COMPLETION_INDEX=${completion}, but Kubernetes does not say how many shards there are`,
        'Add --shard-count with the completions of the Job.',
      );
    }
    return { index: Number(completion) + 1, count: shardCount, what: `JOB_COMPLETION_INDEX=${completion}` };
  }
  const batch = env.AWS_BATCH_JOB_ARRAY_INDEX;
  if (!batch) return null;
  const count = shardCount ?? Number(env.AWS_BATCH_JOB_ARRAY_SIZE ?? Number.NaN);
  return { index: Number(batch) + 1, count, what: `AWS_BATCH_JOB_ARRAY_INDEX=${batch} of ${count}` };
}

/** The task of a Slurm array. Refuses a partial array: it would be treated as a smaller, complete one. */
function slurmTask(env: Cli['env'], id: string, shardCount: number | undefined): Found {
  const tasks = Number(env.SLURM_ARRAY_TASK_COUNT ?? shardCount ?? Number.NaN);
  const first = Number(env.SLURM_ARRAY_TASK_MIN ?? 1);
  const last = Number(env.SLURM_ARRAY_TASK_MAX ?? first + tasks - 1);
  const whole = (first === 0 || first === 1) && last - first + 1 === tasks && tasks > 1;
  if (!whole || (shardCount !== undefined && shardCount !== tasks)) {
    throw new UserError(
      'usage',
      `--shard auto needs a whole array from 0 or 1, received tasks ${first} to ${last} (${tasks} in all)`,
      'Run the whole array again (what was delivered is not sent twice), or name the shard: --shard 3/4.',
    );
  }
  return {
    index: Number(id) - first + 1,
    count: tasks,
    what: `SLURM_ARRAY_TASK_ID=${id}, from ${first} to ${last}`,
  };
}

function checked(index: number, count: number, what: string): Shard {
  if (Number.isSafeInteger(index) && Number.isSafeInteger(count) && index >= 1 && index <= count)
    return { index, count };
  throw new UserError('usage', `--shard takes I/N with I from 1 to N, or auto; received ${what}`);
}

/**
 * The proxies of the environment, in the order of common tools: lower case first.
 * @throws UserError when one cannot be read
 */
export function environmentProxies({ env }: Pick<Cli, 'env'>): Proxies {
  const of = (...names: readonly string[]): string | undefined => {
    const name = names.find((each) => env[each]);
    return name === undefined ? undefined : proxyUrl(env[name]!, name);
  };
  return {
    http: of('http_proxy', 'HTTP_PROXY'),
    https: of('https_proxy', 'HTTPS_PROXY'),
    except: env.no_proxy || env.NO_PROXY,
  };
}
