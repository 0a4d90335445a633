import { UserError } from '../../domain/errors.js';
import type { InputRecord } from '../../domain/record.js';
import { Fingerprint } from '../../read/fingerprint.js';
import { readInputs } from '../../read/read.js';
import type { InputSource } from '../../read/source.js';
import { type Prepared, prepare } from '../../send/prepare.js';
import { OrganizationGuard } from '../../validate/organization-guard.js';
import type { Cli } from '../cli.js';
import { readOptionsOf } from '../options/input.js';
import { inspectOptionsOf } from '../options/rules.js';
import type { SendFlags } from './command.js';

/** An input that was read and checked. */
export interface Checked extends Prepared {
  /** Of its bytes. */
  readonly fingerprint: string;
}

/** The first pass: reads and checks everything. @throws Interrupted once the signal is aborted. */
export async function firstPass(
  sources: readonly InputSource[],
  flags: SendFlags,
  cli: Cli,
  signal: AbortSignal,
): Promise<Checked> {
  const fingerprint = new Fingerprint();
  const guard = new OrganizationGuard(flags.organization);
  const records = readInputs(sources, { ...readOptionsOf(flags), fingerprint });
  const prepared = await prepare(guard.watch(stoppable(records, signal)), await inspectOptionsOf(flags, cli));
  guard.refuse();
  const { events, requests } = prepared.summary;
  if (events + requests + prepared.errors.length === 0) {
    throw new UserError('input', 'nothing to send: no event and no request in the input');
  }
  return { ...prepared, fingerprint: fingerprint.value };
}

async function* stoppable(
  chunks: AsyncIterable<readonly InputRecord[]>,
  signal: AbortSignal,
): AsyncGenerator<readonly InputRecord[]> {
  for await (const chunk of chunks) {
    signal.throwIfAborted();
    yield chunk;
  }
}
