import { guidKey } from '../domain/guid.js';
import { toMs } from '../domain/listening.js';
import type { InputRecord } from '../domain/record.js';
import { inspect } from '../validate/inspect.js';
import type { Inspected } from '../validate/inspected.js';
import { INSPECT_DEFAULTS, type InspectOptions } from '../validate/options.js';
import type { Report } from './figures.js';
import { Ledger } from './ledger.js';
import { RowDurations } from './row-durations.js';

export interface ReportOptions extends InspectOptions {
  /** Seconds of audio a bin; whole milliseconds. */
  readonly bin: number;
  /** Take in what intervals sessions with errors have. */
  readonly includeInvalid: boolean;
  /** Is told everything that inspection tells, as it becomes known. */
  readonly onInspected?: ((inspected: Inspected) => void) | undefined;
}

export const REPORT_DEFAULTS = { ...INSPECT_DEFAULTS, bin: 1, includeInvalid: false } as const;

/**
 * The portal's figures (OBS-4), computed from what readers give before it is sent.
 * @param records What `readInputs` gives.
 * @param options `now`, in unix seconds, is needed; the rest has defaults. `clipDurations` are the durations that are known beforehand.
 * @throws UserError of kind `usage` where a clip has more than 200,000 bins.
 */
export async function report(
  records: AsyncIterable<readonly InputRecord[]>,
  options: Partial<ReportOptions> & Pick<ReportOptions, 'now'>,
): Promise<Report> {
  const settings = { ...REPORT_DEFAULTS, ...options };
  const rows = new RowDurations();
  const catalogue = new Map<string, number>();
  for (const [clipId, seconds] of settings.clipDurations) catalogue.set(guidKey(clipId), toMs(seconds));
  const ledger = new Ledger(settings, (clipId) => catalogue.get(clipId) ?? rows.of(clipId));
  for await (const chunk of inspect(rows.watch(records), settings)) {
    for (const inspected of chunk) {
      settings.onInspected?.(inspected);
      if (inspected.kind !== 'session' || inspected.standing !== 'first') continue;
      ledger.add(inspected, (clipId) => {
        if (catalogue.has(clipId)) return catalogue.get(clipId);
        // Sessions of bare events come when all is read; behind a request, a row may still tell a duration.
        return inspected.session.request === null ? (rows.of(clipId) ?? null) : undefined;
      });
    }
  }
  return ledger.report();
}
