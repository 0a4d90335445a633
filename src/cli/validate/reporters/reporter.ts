import type { ChalkInstance } from 'chalk';
import { InvalidArgumentError } from 'commander';
import type { DiagnosisId } from '../../../domain/diagnosis.js';
import type { Finding, RuleId } from '../../../domain/finding.js';
import type { Input } from '../../../domain/place.js';
import { nearest } from '../../../domain/text.js';
import type { Gated } from '../../../validate/gates.js';
import type { SeverityInForce } from '../../../validate/options.js';
import type { ValidationReport } from '../../../validate/validate.js';
import type { ExitCode } from '../../cli.js';
import type { TextAt } from '../snippet.js';

/** What a reporter is handed: the report, and where it is written to. */
export interface Reported {
  readonly report: ValidationReport;
  readonly exitCode: ExitCode;
  /** What of the report counts. */
  readonly gated: Gated;
  /** Why warnings fail the run: `more warnings than --max-warnings`; null where they do not. */
  readonly warningsFail: string | null;
  /** The severity in force of a rule, in an input where one is given. */
  readonly severityOf: (rule: RuleId, input?: Input) => SeverityInForce;
  /** The severity in force of a diagnosis. */
  readonly diagnosisSeverityOf: (id: DiagnosisId) => SeverityInForce;
  /** The path that an input has in its repository, with slashes; null of standard input. */
  readonly pathOf: (input: Input) => string | null;
  /** Reads the lines again that findings stand in. */
  readonly textsOf: (findings: readonly Finding[]) => Promise<TextAt>;
  readonly colors: ChalkInstance;
  /** The columns of the terminal that it is written to; null where it is none. */
  readonly columns: number | null;
  /** Show every place. */
  readonly all: boolean;
  /** Tells on standard error what does not fit into the format. */
  readonly tell: (line: string) => void;
}

/** Words a report in one format. */
export type Reporter = (reported: Reported) => Iterable<string> | AsyncIterable<string>;

export const REPORT_FORMATS = [
  'pretty',
  'json',
  'ndjson',
  'junit',
  'sarif',
  'github',
  'gitlab',
  'markdown',
] as const;
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
