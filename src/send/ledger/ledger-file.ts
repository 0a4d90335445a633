import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { UserError } from '../../domain/errors.js';
import { isJsonObject } from '../../wire/json.js';

/** The run that has a ledger, as the file beside it tells. It informs, and never decides: SQLite's lock does. */
export interface Holder {
  readonly pid: number;
  readonly host: string;
  /** ISO 8601. */
  readonly since: string;
  /** Without credentials. */
  readonly command: string;
  /** Where `--status` writes; null without. */
  readonly status: string | null;
}

/** Another run has the ledger. */
export class LedgerHeld extends UserError {
  constructor(
    readonly path: string,
    readonly holder: Holder | null,
  ) {
    super(
      'usage',
      `${path}: another run has this ledger${holder ? `: ${holderText(holder)}` : ''}: nothing was sent`,
      'Wait until it has ended, or run again with --wait.',
    );
  }
}

export function holderText({ pid, host, since, command }: Holder): string {
  return `process ${pid} on ${host}, since ${since}: ${command}`;
}

export function holderPath(ledger: string): string {
  return `${ledger}.run`;
}

/** Only while the lock is held. A file that cannot be written changes nothing. */
export function tellHolder(ledger: string, holder: Holder): void {
  try {
    writeFileSync(holderPath(ledger), `${JSON.stringify(holder)}\n`, { mode: 0o600 });
  } catch {}
}

export function forgetHolder(ledger: string): void {
  try {
    rmSync(holderPath(ledger), { force: true });
  } catch {}
}

/** Null where nothing readable tells. */
export function holderOf(ledger: string): Holder | null {
  try {
    const value: unknown = JSON.parse(readFileSync(holderPath(ledger), 'utf8'));
    if (!isJsonObject(value)) return null;
    const { pid, host, since, command, status } = value;
    if (typeof pid !== 'number') return null;
    return {
      pid,
      host: String(host),
      since: String(since),
      command: String(command),
      status: typeof status === 'string' ? status : null,
    };
  } catch {
    return null;
  }
}
