import { renameSync, writeFileSync } from 'node:fs';
import { diskReason, UserError } from '../../domain/errors.js';
import type { SettledRequest } from '../../send/delivery.js';
import type { Progress } from '../../send/tally.js';
import type { Result } from './result.js';

const EVERY_MS = 5000;

export interface StatusSettings {
  readonly path: string;
  readonly endpoint: string;
  readonly ledger: string | null;
  /** Sessions that are to be sent. */
  readonly planned: number;
  /** Unix seconds. */
  readonly now: () => number;
}

/** How far a run is, as a JSON file for dashboards: replaced every few seconds, whole each time, and at the end. */
export class StatusFile {
  readonly #settings: StatusSettings;
  readonly #began: number;
  readonly #timer: NodeJS.Timeout;
  #progress: Progress | null = null;
  #lastError: string | null = null;

  /** @throws UserError of kind `output` where it cannot be written */
  constructor(settings: StatusSettings) {
    this.#settings = settings;
    this.#began = settings.now();
    this.#write(null);
    this.#timer = setInterval(() => this.#tryWrite(null), EVERY_MS);
    this.#timer.unref();
  }

  update(progress: Progress): void {
    this.#progress = progress;
  }

  request({ outcome }: Pick<SettledRequest, 'outcome'>): void {
    if (outcome.kind !== 'delivered') this.#lastError = outcome.sentence;
  }

  /** Writes how it ended. What cannot be written then changes nothing. */
  end(result: Result | null): void {
    clearInterval(this.#timer);
    this.#tryWrite(result);
  }

  #tryWrite(result: Result | null): void {
    try {
      this.#write(result);
    } catch {}
  }

  #write(result: Result | null): void {
    const { path } = this.#settings;
    const draft = `${path}.${process.pid}.part`;
    try {
      writeFileSync(draft, `${JSON.stringify(this.#content(result))}\n`);
      renameSync(draft, path);
    } catch (error) {
      throw new UserError('output', `${path}: the status cannot be written: ${diskReason(error)}`);
    }
  }

  #content(result: Result | null): object {
    const { endpoint, ledger, planned, now } = this.#settings;
    const { sessions, requests } = this.#progress ?? NOTHING;
    const seconds = now() - this.#began;
    const settled = sessions.delivered + sessions.refused + sessions.ambiguous + sessions.left;
    const rate = seconds > 0 ? sessions.delivered / seconds : 0;
    const left = planned - settled;
    return {
      version: 1,
      pid: process.pid,
      endpoint,
      ledger,
      began: iso(this.#began),
      at: iso(now()),
      ended: result !== null,
      exitCode: result?.exitCode ?? null,
      sessions: result?.sessions ?? { planned, ...sessions },
      requests,
      sessionsPerSecond: Math.round(rate * 100) / 100,
      expectedEnd: result === null && rate > 0 ? iso(now() + left / rate) : null,
      lastError: this.#lastError,
    };
  }
}

const NOTHING: Pick<Progress, 'sessions' | 'requests'> = {
  sessions: { taken: 0, delivered: 0, left: 0, ambiguous: 0, refused: 0 },
  requests: { sent: 0, delivered: 0, retried: 0 },
};

function iso(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
