import { UserError } from '../../domain/errors.js';
import { JOURNAL_VERSION, type JournalHeader, type JournalSettings } from './format.js';

/** What a journal belongs to. */
export type Identity = Omit<JournalHeader, 'kind' | 'at'>;

export function identity(of: Omit<Identity, 'version'>): Identity {
  return { version: JOURNAL_VERSION, ...of };
}

/** @throws UserError of kind `usage` where a journal belongs to another delivery. */
export function refuseOther(path: string, header: JournalHeader, now: Identity): void {
  if (header.endpoint !== now.endpoint) {
    throw other(path, `is of a delivery to ${header.endpoint}, not to ${now.endpoint}`, OTHER_JOURNAL);
  }
  for (const name of new Set([...Object.keys(header.settings), ...Object.keys(now.settings)])) {
    const [before, after] = [header.settings[name] ?? null, now.settings[name] ?? null];
    if (before !== after)
      throw other(
        path,
        `is of a delivery ${withSetting(name, before)}, not ${withSetting(name, after)}`,
        OTHER_JOURNAL,
      );
  }
  if (header.input !== now.input) {
    throw other(
      path,
      'is of another input: this one was edited, or is another file',
      'Do not delete the journal: it alone knows what was delivered. Send sessions that were mended as a file of their own, and the unchanged input with this journal.',
    );
  }
  if (header.organizations.join() !== now.organizations.join()) {
    throw other(
      path,
      `is of organization ${listed(header.organizations)}, not of ${listed(now.organizations)}`,
      OTHER_JOURNAL,
    );
  }
}

const OTHER_JOURNAL =
  'Run the same command as before to go on, or name another file with --journal for another delivery.';

function other(path: string, what: string, advice: string): UserError {
  return new UserError('usage', `${path}: the journal ${what}: nothing was sent`, advice);
}

function withSetting(name: string, value: JournalSettings[string]): string {
  return value === null ? `without --${name}` : `with --${name} ${value}`;
}

function listed(ids: readonly string[]): string {
  const shown = ids.slice(0, 3).join(', ');
  return ids.length > 3 ? `${shown} and ${ids.length - 3} more` : shown;
}
