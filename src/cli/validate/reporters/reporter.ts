import type { ChalkInstance } from 'chalk';
import type { Finding, RuleId } from '../../../domain/finding.js';
import type { Input } from '../../../domain/place.js';
import type { SeverityInForce } from '../../../validate/options.js';
import type { ValidationReport } from '../../../validate/validate.js';
import type { ExitCode } from '../../exit-code.js';
import type { TextAt } from '../place-texts.js';

/** What a reporter is handed: the report, and where it is written to. */
export interface Reported {
  readonly report: ValidationReport;
  readonly exitCode: ExitCode;
  /** Whether there are more warnings than the user lets pass. */
  readonly warningsFail: boolean;
  /** The severity in force of a rule. */
  readonly severityOf: (rule: RuleId) => SeverityInForce;
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
