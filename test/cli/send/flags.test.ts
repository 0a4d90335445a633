import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import type { Cli } from '../../../src/cli/cli.js';
import { type SendFlags, shardOf } from '../../../src/cli/send/flags.js';

function found(flags: Partial<SendFlags>, env: Cli['env'] = {}) {
  const stderr = new PassThrough();
  const shard = shardOf(flags as SendFlags, { env, stderr } as unknown as Cli);
  return { shard, told: String(stderr.read() ?? '') };
}

const SLURM = {
  SLURM_ARRAY_TASK_ID: '2',
  SLURM_ARRAY_TASK_COUNT: '4',
  SLURM_ARRAY_TASK_MIN: '0',
  SLURM_ARRAY_TASK_MAX: '3',
};

describe('a shard', () => {
  test.each([
    ['none', {}, {}, 1, 1],
    ['told', { shard: '2/3' }, {}, 2, 3],
    ['of a Slurm array from 0', { shard: 'auto' }, SLURM, 3, 4],
    [
      'of a Slurm array from 1',
      { shard: 'auto' },
      { ...SLURM, SLURM_ARRAY_TASK_MIN: '1', SLURM_ARRAY_TASK_MAX: '4' },
      2,
      4,
    ],
    [
      'of a Slurm array of which only number and count are known',
      { shard: 'auto' },
      { SLURM_ARRAY_TASK_ID: '4', SLURM_ARRAY_TASK_COUNT: '4' },
      4,
      4,
    ],
    ['of an Indexed Job', { shard: 'auto', shardCount: 8 }, { JOB_COMPLETION_INDEX: '7' }, 8, 8],
    [
      'of AWS Batch',
      { shard: 'auto' },
      { AWS_BATCH_JOB_ARRAY_INDEX: '0', AWS_BATCH_JOB_ARRAY_SIZE: '5' },
      1,
      5,
    ],
  ])('%s', (_, flags, env, index, count) => {
    const { shard, told } = found(flags, env);
    expect(shard).toEqual({ index, count });
    expect(told).toMatch(
      'shard' in flags && flags.shard === 'auto' ? new RegExp(`^shard ${index}/${count}, from `) : /^$/,
    );
  });

  test.each([
    ['that is none', { shard: '1of3' }, {}],
    ['before the first', { shard: '0/3' }, {}],
    ['past the last', { shard: '4/3' }, {}],
    ['of nothing that is found', { shard: 'auto' }, {}],
    ['of an Indexed Job of unknown size', { shard: 'auto' }, { JOB_COMPLETION_INDEX: '7' }],
    [
      'of part of a Slurm array',
      { shard: 'auto' },
      { ...SLURM, SLURM_ARRAY_TASK_MIN: '2', SLURM_ARRAY_TASK_COUNT: '2' },
    ],
    [
      'of one task of a Slurm array',
      { shard: 'auto' },
      { ...SLURM, SLURM_ARRAY_TASK_ID: '0', SLURM_ARRAY_TASK_MAX: '0', SLURM_ARRAY_TASK_COUNT: '1' },
    ],
    ['of a Slurm array with gaps', { shard: 'auto' }, { ...SLURM, SLURM_ARRAY_TASK_COUNT: '2' }],
    ['without auto', { shardCount: 3 }, {}],
  ])('%s is refused', (_, flags, env) => expect(() => found(flags, env)).toThrow(/--shard/));
});
