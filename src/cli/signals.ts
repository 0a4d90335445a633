import { setImmediate } from 'node:timers/promises';
import { isatty } from 'node:tty';
import { EXIT, type ExitCode } from './cli.js';

/** The user asked the command to stop; what was begun has been settled. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';

  constructor(readonly code: ExitCode) {
    super('stopped by a signal');
  }
}

const CODES = { SIGINT: EXIT.interrupted, SIGTERM: EXIT.terminated, SIGHUP: EXIT.terminated } as const;

/**
 * Aborted, with an `Interrupted`, by the first SIGINT or SIGTERM; the second leaves at once. SIGHUP is SIGTERM where a terminal is, which it
 * says is gone, and nothing where none is (nohup, cron, systemd).
 */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  const watched = [0, 1, 2].some((descriptor) => isatty(descriptor));
  for (const [name, code] of Object.entries(CODES)) {
    process.on(name, () => {
      if (name === 'SIGHUP' && !watched) return;
      if (controller.signal.aborted) process.exit(code);
      controller.abort(new Interrupted(code));
    });
  }
  return controller.signal;
}

/** Work that never waits notices a signal this soon. */
const TURN_MS = 50;

/** To be awaited now and then by work that never waits: lets signals come in, and throws what the signal was aborted with. */
export function turns(signal: AbortSignal): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last >= TURN_MS) {
      await setImmediate();
      last = performance.now();
    }
    signal.throwIfAborted();
  };
}
