import { escaped } from '../../../domain/text.js';
import { reported } from '../../../validate/reported-finding.js';
import type { Reported } from './reporter.js';

/** A finding a line, `kind` telling what a line is, and the summary as the last one. */
export function* ndjson({ report: { summary, findings, omitted } }: Reported): Generator<string> {
  for (const finding of findings) yield line({ kind: 'finding', ...reported(finding) });
  yield line({ kind: 'summary', version: 1, ...summary, omitted });
}

function line(value: object): string {
  return `${escaped(JSON.stringify(value))}\n`;
}
