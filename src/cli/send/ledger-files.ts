import { randomInt } from 'node:crypto';
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { UserError } from '../../domain/errors.js';
import { safeCommand } from '../../domain/text.js';
import { type Endpoint, endpointKey } from '../../send/endpoint.js';
import { KnownSessions } from '../../send/ledger/known-sessions.js';
import { holderText, isOneFile, type LedgerHeld, refuseRemoteFolder } from '../../send/ledger/ledger-file.js';
import { type OpenLedgers, openLedgers, readLedgers, waitFor } from '../../send/ledger/open-ledgers.js';
import { loadSqlite } from '../../send/ledger/sqlite.js';
import { ofShard, type Shard, siblingsOf } from '../../send/shard.js';
import type { Cli } from '../cli.js';
import { isFileName } from '../options/input.js';
import type { SendFlags } from './flags.js';

/** The ledger of a run, and the other ledgers that it reads. */
export interface Claim extends OpenLedgers {
  /** The path of the ledger, with its shard. */
  readonly path: string;
}

export interface ClaimOptions {
  readonly endpoint: Endpoint;
  readonly shard: Shard;
  /** The names of the inputs. */
  readonly inputs: readonly string[];
  /** False for a run that sends nothing: nothing is locked or written. */
  readonly sends: boolean;
  readonly signal: AbortSignal;
  readonly flags: SendFlags;
  readonly cli: Cli;
}

/**
 * The path of the ledger without its shard: from the flags, or for another host next to the first input. Null when no
 * ledger is kept.
 */
export function ledgerBase(
  { ledger }: Pick<SendFlags, 'ledger'>,
  { loopback }: Pick<Endpoint, 'loopback'>,
  inputs: readonly string[],
): string | null {
  if (ledger === false) return null;
  if (typeof ledger === 'string') return ledger;
  if (loopback) return null;
  const [first] = inputs;
  return join(first !== undefined && isFileName(first) ? dirname(first) : '.', DEFAULT_NAME);
}

const DEFAULT_NAME = 'omny-consume.ledger';

/**
 * Opens the ledger for this run alone, before anything is read.
 * @throws UserError when the ledger cannot be used, or another run uses it and there is no `--wait`
 */
export async function claimLedger(base: string, options: ClaimOptions): Promise<Claim> {
  const { endpoint, shard, inputs, sends, signal, flags, cli } = options;
  const path = ofShard(base, shard);
  const known = flags.known ?? [];
  for (const [names, what] of [
    [inputs, 'an input'],
    [known, '--known'],
  ] as const) {
    if (names.some((name) => isOneFile(name, path)))
      throw new UserError('usage', `${path}: is the ledger and cannot also be ${what}: nothing was sent`);
  }
  // A plan without any ledger needs no SQLite.
  if (!sends && !existsSync(path) && known.length === 0 && siblingsOf(base, shard).length === 0)
    return { path, ledger: null, known: new KnownSessions([]), others: [], close() {} };
  const opening = {
    sqlite: await loadSqlite(),
    endpoint: endpointKey(endpoint),
    now: () => cli.now(),
    holder: {
      pid: process.pid,
      host: hostname(),
      since: new Date(cli.now() * 1000).toISOString(),
      command: safeCommand(cli.args),
      status: flags.status === undefined ? null : resolve(flags.status),
    },
    onSlow: (what: string) => {
      if (!flags.quiet) cli.stderr.write(`${what}\n`);
    },
  };
  const names = { base, shard, known };
  if (!sends) return { path, ...readLedgers(names, opening) };
  if (!endpoint.loopback) {
    if (!flags.ledgerAnywhere)
      refuseRemoteFolder(path, dirname(existsSync(path) ? realpathSync(path) : path));
    refuseUnnamed(path, base, options);
  }
  const claim = await waitFor(() => openLedgers(names, opening), {
    mostMs: flags.wait ? (flags.deadline ?? Number.POSITIVE_INFINITY) * 1000 : 0,
    signal,
    random: () => randomInt(2 ** 32) / 2 ** 32,
    onWait: (held) => reportWait(held, cli),
  });
  if (claim.ledger?.isNew && !endpoint.loopback && claim.others.length === 0 && !flags.quiet)
    cli.stderr.write(
      `new ledger ${path}: nothing is known as delivered yet${nearbyLedgersText(path, cli)}\n`,
    );
  return { path, ...claim };
}

/**
 * Without a terminal, creates a new ledger only under a name that was given. Otherwise each dated folder would start
 * with an empty ledger.
 */
function refuseUnnamed(path: string, base: string, { shard, flags, cli }: ClaimOptions): void {
  const named = typeof flags.ledger === 'string';
  const watched = cli.stdin.isTTY && cli.stderr.isTTY;
  if (named || watched || !flags.yes || existsSync(path) || siblingsOf(base, shard).length > 0) return;
  throw new UserError(
    'usage',
    `${path}: this ledger does not exist, and a new one would hold no earlier deliveries${nearbyLedgersText(path, cli)}: nothing was sent`,
    `Use the same ledger every time, with --ledger or "ledger" in the config file. To start a new one: ${safeCommand(cli.args, '--ledger', path)}`,
  );
}

function reportWait({ path, holder }: LedgerHeld, cli: Cli): void {
  cli.stderr.write(`waiting for ${path}${holder ? `: ${holderText(holder)}` : ''}; Ctrl-C stops\n`);
}

/** How many ledgers a message names, and how many folders are searched. */
const MAX_NAMED = 5;
const MAX_FOLDERS = 200;

/** The end of a message that names the ledgers in sibling folders and in the working folder; empty without any. */
function nearbyLedgersText(path: string, cli: Cli): string {
  const own = resolve(path);
  const parent = dirname(dirname(own));
  const folders = [
    cli.cwd(),
    dirname(own),
    ...entries(parent)
      .slice(0, MAX_FOLDERS)
      .map((name) => join(parent, name)),
  ];
  const found = new Set<string>();
  for (const folder of folders) {
    for (const name of entries(folder)) {
      if (/\.ledger(\.\d+-of-\d+)?$/.test(name)) found.add(join(folder, name));
    }
  }
  found.delete(own);
  if (found.size === 0) return '';
  const names = [...found].slice(0, MAX_NAMED).map((file) => relative(cli.cwd(), file) || basename(file));
  const more = found.size > MAX_NAMED ? ` and ${found.size - MAX_NAMED} more` : '';
  return `; there are ledgers nearby: ${names.join(', ')}${more}`;
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder).toSorted();
  } catch {
    return [];
  }
}
