import { UserError } from '../../domain/errors.js';
import { type Shard, WHOLE } from '../../send/shard.js';
import type { Cli } from '../cli.js';
import type { SendFlags } from './flags.js';

/**
 * The shard of `--shard I/N`, or what `auto` finds in the environment, told on standard error.
 * @throws UserError of kind `usage` where it is none, or nothing is found
 */
export function shardOf({ shard, shardCount, quiet }: SendFlags, cli: Cli): Shard {
  if (shard === undefined) {
    if (shardCount === undefined) return WHOLE;
    throw new UserError('usage', '--shard-count is for --shard auto');
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
      'Name the shard: --shard 1/4.',
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

/** What an array job's environment says, converted to count from 1. */
function detected(env: Cli['env'], shardCount: number | undefined): Found | null {
  if (env.SLURM_ARRAY_TASK_ID) return slurmTask(env, env.SLURM_ARRAY_TASK_ID, shardCount);
  const completion = env.JOB_COMPLETION_INDEX;
  if (completion) {
    if (shardCount === undefined) {
      throw new UserError(
        'usage',
        `--shard auto found JOB_COMPLETION_INDEX=${completion}, and Kubernetes does not tell how many there are`,
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

/** A task of a Slurm array. Part of an array, run again, would be taken for the whole of a smaller one: it is refused. */
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
