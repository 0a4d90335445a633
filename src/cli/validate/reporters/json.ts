import { escaped } from '../../../domain/text.js';
import { reported } from '../../../validate/reported-finding.js';
import type { Reported } from './reporter.js';

/** The report as the JSON that `cli.md` documents. */
export function* json({ report: { summary, findings, diagnoses, omitted } }: Reported): Generator<string> {
  yield `{ "version": 1,\n  "summary": ${JSON.stringify(summary)},\n  "findings": [`;
  for (const [i, finding] of findings.entries()) {
    yield `${i === 0 ? '' : ','}\n    ${escaped(JSON.stringify(reported(finding)))}`;
  }
  yield `${findings.length === 0 ? '' : '\n  '}],\n  "causes": [`;
  for (const [i, { diagnosis: cause, ...rest }] of diagnoses.entries())
    yield `${i === 0 ? '' : ','}\n    ${JSON.stringify({ cause, ...rest })}`;
  yield `${diagnoses.length === 0 ? '' : '\n  '}],\n  "omitted": ${omitted} }\n`;
}
