import type { ChalkInstance } from 'chalk';
import { InvalidArgumentError } from 'commander';
import type { DiagnosisId, Finding, RuleId } from '../../../domain/finding.js';
import type { Input } from '../../../domain/place.js';
import { nearest } from '../../../domain/text.js';
import type { Gated } from '../../../validate/gates.js';
import type { SeverityInForce } from '../../../validate/options.js';
import type { ValidationReport } from '../../../validate/validate.js';
import type { ExitCode } from '../../cli.js';
import type { TextAt } from '../snippet.js';

/** The input of a reporter: the report, and where it is written. */
export interface Reported {
  readonly report: ValidationReport;
  readonly exitCode: ExitCode;
  /** Which findings count. */
  readonly gated: Gated;
  /** Why warnings fail the run: `more warnings than --max-warnings`; null when they do not. */
  readonly warningsFail: string | null;
  /** The effective severity of a rule, in an input if one is given. */
  readonly severityOf: (rule: RuleId, input?: Input) => SeverityInForce;
  /** The effective severity of a diagnosis. */
  readonly diagnosisSeverityOf: (id: DiagnosisId) => SeverityInForce;
  /** The path of an input in its repository, with slashes; null for standard input. */
  readonly pathOf: (input: Input) => string | null;
  /** Reads the lines with findings again. */
  readonly textsOf: (findings: readonly Finding[]) => Promise<TextAt>;
  readonly colors: ChalkInstance;
  /** The width of the terminal; null without one. */
  readonly columns: number | null;
  /** Whether to show every place. */
  readonly all: boolean;
  /** Prints a note on standard error about what the format cannot hold. */
  readonly note: (line: string) => void;
}

/** Writes a report in one format. */
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

/** A report that `--format` names. */
export interface ReportWanted {
  readonly format: ReportFormat;
  /** The file to write; absent for standard output, or the file of `-o`. */
  readonly file?: string;
}

/** `FORMAT` or `FORMAT:FILE`, collected over the option's uses. */
export function reportWanted(text: string, before: readonly ReportWanted[] = []): readonly ReportWanted[] {
  const [name = '', ...rest] = text.split(':');
  const format = REPORT_FORMATS.find((known) => known === name);
  if (!format) {
    const near = nearest(name, REPORT_FORMATS);
    throw new InvalidArgumentError(
      near ? `Did you mean ${near}?` : `Expected one of ${REPORT_FORMATS.join(', ')}, optionally with :FILE.`,
    );
  }
  if (rest.length === 0) return [...before, { format }];
  const file = rest.join(':');
  if (file === '')
    throw new InvalidArgumentError(`Expected a file after the colon, such as ${format}:report.txt.`);
  return [...before, file === '-' ? { format } : { format, file }];
}
