import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import type { LockSettings } from '../../send/journal/lock.js';

/** This process, as a journal's lock names it. */
export async function lockSettings(): Promise<LockSettings> {
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
  return {
    owner: {
      pid: process.pid,
      host: hostname(),
      boot: boot.trim(),
      began: (await beganAt(process.pid)) ?? '',
    },
    beganAt,
  };
}

async function beganAt(pid: number): Promise<string | null> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return null;
  }
  // Field 22, counted behind the name in parentheses, which may hold anything. Systems without /proc cannot tell.
  const status = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '');
  const fields = status.slice(status.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z') return null;
  return fields[19] ?? '';
}
