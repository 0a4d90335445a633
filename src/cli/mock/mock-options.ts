import { randomInt } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { BehaviourId } from '../../certify/define.js';
import { UserError } from '../../domain/errors.js';
import { parseFault } from '../../mock/faults/fault.js';
import type { ForwardSettings, MockOptions } from '../../mock/options.js';
import { parseEndpoint } from '../../send/endpoint.js';
import type { Cli } from '../cli.js';
import type { FailOn, GateFlags } from '../options/gates.js';
import type { CommonFlags } from '../options/option.js';
import { inspectOptionsOf, type RuleFlags } from '../options/rules.js';

export interface MockFlags extends CommonFlags, RuleFlags, GateFlags {
  readonly allowOrigin?: readonly string[];
  readonly script?: readonly string[];
  readonly certify?: boolean;
  readonly require?: ReadonlySet<BehaviourId>;
  readonly session?: string;
  readonly port: number;
  readonly host: string;
  readonly allowHost?: readonly string[];
  readonly record?: string;
  readonly force?: boolean;
  readonly fault?: readonly string[];
  readonly seed?: number;
  readonly strict?: boolean;
  readonly disabled?: boolean;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly forward?: string;
  readonly yes?: boolean;
  readonly allowSimulated?: boolean;
  readonly failOn: FailOn;
  readonly expectSessions?: number;
}

/** The options to start the mock with. @throws UserError when flags are wrong or files cannot be read */
export async function mockOptionsOf(flags: MockFlags, cli: Cli): Promise<MockOptions> {
  const { severities, clipDurations, minDuration, maxSpeed } = await inspectOptionsOf(flags, cli);
  return {
    port: flags.port,
    host: flags.host,
    allowHosts: flags.allowHost,
    faults: flags.fault,
    seed: seedOf(flags, cli),
    enabled: flags.disabled !== true,
    strict: flags.strict,
    certify: flags.certify,
    require: flags.require && [...flags.require],
    tls: await tlsOf(flags),
    forward: forwardOf(flags),
    rules: Object.fromEntries(severities),
    clipDurations,
    minDuration,
    maxSpeed,
    now: flags.now,
  };
}

function seedOf({ fault = [], seed, quiet }: MockFlags, { stderr }: Cli): number {
  const faultSeed = seed ?? randomInt(2 ** 32);
  const needed = fault.map(parseFault).some(({ when }) => when.kind === 'share');
  if (needed && seed === undefined && !quiet)
    stderr.write(`seed ${faultSeed} (--seed ${faultSeed} repeats the same faults)\n`);
  return faultSeed;
}

async function tlsOf({ tlsCert, tlsKey }: MockFlags): Promise<MockOptions['tls']> {
  if (tlsCert === undefined && tlsKey === undefined) return undefined;
  if (tlsCert === undefined || tlsKey === undefined) {
    throw new UserError('usage', '--tls-cert and --tls-key need each other: only one was given');
  }
  return { cert: await pem(tlsCert), key: await pem(tlsKey) };
}

async function pem(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UserError(
      'input',
      `${path}: cannot be read: ${error.code === 'ENOENT' ? 'no such file' : error.message}`,
    );
  });
  if (text.includes('-----BEGIN ')) return text;
  throw new UserError('input', `${path}: expected a PEM file (-----BEGIN …), received something else`);
}

function forwardOf({ forward, yes, allowSimulated, allowOrigin }: MockFlags): ForwardSettings | undefined {
  const allowOrigins = allowOrigin?.map(parseOrigin);
  if (forward === undefined) {
    if (!allowOrigins) return undefined;
    throw new UserError('usage', '--allow-origin needs --forward: without --forward, every page may send');
  }
  const { kind, url, host, loopback, authorization } = parseEndpoint(forward);
  if (kind === 'mock') throw new UserError('usage', '--forward needs a real endpoint: omny, or a URL');
  if (!loopback && yes !== true) {
    throw new UserError(
      'usage',
      `--forward would send what arrives to ${host}, which is another host`,
      'No way to delete data at Omny is documented. Add --yes to allow it.',
    );
  }
  return { url, authorization, allowSimulated: allowSimulated === true, allowOrigins };
}

/** The origin in the form that browsers send: without a path, in lower case. */
function parseOrigin(written: string): string {
  if (written === 'null') return written;
  const { origin, href } = URL.canParse(written) ? new URL(written) : { origin: 'null', href: '' };
  if (origin !== 'null' && href === `${origin}/`) return origin;
  throw new UserError(
    'usage',
    `--allow-origin ${written}: expected scheme, host and port of a page, as in http://localhost:3000`,
  );
}
