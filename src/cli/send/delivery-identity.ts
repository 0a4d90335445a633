import type { Endpoint } from '../../send/endpoint.js';
import type { JournalSettings } from '../../send/journal/format.js';
import { type Identity, identity } from '../../send/journal/identity.js';
import type { BatchSettings } from '../../write/batches.js';
import type { SendFlags } from './flags.js';
import type { Checked } from './input-pass.js';
import { rewritingSettings } from './rewriting-options.js';

/** What a journal of this delivery belongs to. */
export function identityOf(
  { endpoint, flags }: { readonly endpoint: Endpoint; readonly flags: SendFlags },
  checked: Checked,
  settings: BatchSettings,
): Identity {
  return identity({
    endpoint: endpoint.kind === 'mock' ? 'mock' : endpoint.url,
    organizations: checked.organizations,
    input: checked.fingerprint,
    settings: {
      source: settings.defaultSource,
      ...readingOf(flags),
      ...rewritingSettings(flags, checked.clipMap),
    },
    shiftedTo: checked.shiftedTo,
  });
}

/** How the same bytes are read as other sessions. */
function readingOf({ map = new Map(), delimiter, timezone, timestampUnit }: SendFlags): JournalSettings {
  const pairs = [...map].map(([column, header]) => `${column}=${header}`).toSorted();
  return {
    map: pairs.length === 0 ? null : pairs.join(' '),
    delimiter: delimiter ?? null,
    timezone: timezone ?? null,
    'timestamp-unit': timestampUnit ?? null,
  };
}
