import { InvalidArgumentError } from 'commander';
import { nearest } from '../../domain/text.js';

export const REPORT_FORMATS = ['pretty', 'json', 'ndjson', 'junit', 'sarif', 'github'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** A report that was asked for. */
export interface ReportWanted {
  readonly format: ReportFormat;
  /** Where it goes; absent: to standard output, or the file of `-o`. */
  readonly file?: string;
}

/** `FORMAT` or `FORMAT:FILE`, collected over the option's uses. */
export function reportWanted(text: string, before: readonly ReportWanted[] = []): readonly ReportWanted[] {
  const [name = '', ...rest] = text.split(':');
  const format = REPORT_FORMATS.find((known) => known === name);
  if (!format) {
    const near = nearest(name, REPORT_FORMATS);
    throw new InvalidArgumentError(
      near ? `Did you mean ${near}?` : `Expected one of ${REPORT_FORMATS.join(', ')}, perhaps with :FILE.`,
    );
  }
  if (rest.length === 0) return [...before, { format }];
  const file = rest.join(':');
  if (file === '')
    throw new InvalidArgumentError(`Expected a file after the colon, as in ${format}:report.txt.`);
  return [...before, file === '-' ? { format } : { format, file }];
}
