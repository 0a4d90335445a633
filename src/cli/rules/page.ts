import { escaped } from '../../domain/text.js';
import { exampleLines } from '../../guide/example-text.js';
import { GUIDES } from '../../guide/index.js';
import { indented } from '../wrapped.js';
import type { ExplainedRule } from './explained.js';
import { painted, type RuleStyle } from './style.js';

/** A rule explained, for people. */
export function rulePage(rule: ExplainedRule, style: RuleStyle): string {
  const { id, severity, title, firesWhen, why, mend, code } = rule;
  const { colors } = style;
  const text = (words: string) => indented(words, 2, style.width);
  const shown = (lines: readonly string[]) => lines.map((line) => `  ${line}`).join('\n');
  const { broken, mended } = GUIDES[id];
  const found = rule.examples.broken.findings.map(({ message }) =>
    painted(severity, text(`✖ ${escaped(message)}`), colors),
  );
  const sections: readonly (readonly [heading: string, ...texts: readonly string[]])[] = [
    ['Fires when', text(`${firesWhen}.`)],
    ['Why', text(why)],
    ['Rests on', ...restsOn(rule, style.width)],
    ['An example that breaks it', shown(exampleLines(broken, GUIDES[id])), ...found],
    ['The same, mended', shown(exampleLines(mended, GUIDES[id]))],
    [
      'How to mend a player',
      text(mend),
      ...(code === null ? [] : ['', colors.cyan(shown(code.split('\n')))]),
    ],
    ['Try it', shown([`omny-consume rules ${id} --example broken | omny-consume validate`])],
  ];
  const head = `${painted(severity, severity, colors)} ${colors.bold(id)}: ${title}`;
  const pages = sections.map(([heading, ...texts]) => [colors.bold(heading), ...texts].join('\n'));
  return `${[head, ...pages].join('\n\n')}\n`;
}

function restsOn({ restsOn: points, inferred }: ExplainedRule, width: number): string[] {
  const lines = points.map(
    ({ id, text, documented }) => `${id}${documented ? `: “${text}”` : `, observed: ${text}`}`,
  );
  if (inferred !== null) lines.push(`Not in the API document: ${lowerFirst(inferred)}`);
  return lines.map((line) => indented(line, 2, width));
}

function lowerFirst(text: string): string {
  return `${text.charAt(0).toLowerCase()}${text.slice(1)}`;
}
