import { escaped } from '../domain/escaped.js';
import type { Report } from './figures.js';

/** The report as the JSON that is documented for scripts: a clip a line. */
export function* reportJson({ version, bin, minDuration, totals, clips }: Report): Generator<string> {
  yield `{ "version": ${version}, "bin": ${bin}, "minDuration": ${minDuration},\n  "totals": ${escaped(JSON.stringify(totals))},\n  "clips": [`;
  for (const [i, clip] of clips.entries()) yield `${i === 0 ? '' : ','}\n    ${JSON.stringify(clip)}`;
  yield clips.length === 0 ? '] }\n' : '\n  ] }\n';
}
