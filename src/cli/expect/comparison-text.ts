import type { ChalkInstance } from 'chalk';
import { count } from '../../domain/count.js';
import type { Compared, Comparison, Moment } from '../../simulate/expect.js';

const WIDTH = 30;

/** A session and its script side by side: what was expected on the left, what was received on the right. */
export function comparisonText({ key, matches, lines, broken }: Comparison, colors: ChalkInstance): string {
  const verdict = matches ? colors.green('✔ as the script says') : colors.red('✖ differs from the script');
  const rows = lines.map((line) => {
    const row = `${momentText('expected' in line ? line.expected : null).padEnd(WIDTH)}  ${momentText('received' in line ? line.received : null).padEnd(WIDTH)}`;
    return line.kind === 'same'
      ? `  ${colors.green('✔')} ${row.trimEnd()}`
      : `  ${colors.red('✖')} ${row}  ${colors.red(why(line))}`;
  });
  const head = `    ${'expected'.padEnd(WIDTH)}  received`;
  const tail =
    broken === 0 ? [] : [colors.red(`  ${count(broken, 'event')} broken: omny-consume validate explains`)];
  return `${[`session ${key}: ${verdict}`, colors.dim(head), ...rows, ...tail].join('\n')}\n\n`;
}

function momentText(moment: Moment | null): string {
  if (moment === null) return '—';
  return `${moment.type.padEnd(5)} ${seconds(moment.position).padStart(9)} after ${seconds(moment.time)}`;
}

function seconds(value: number): string {
  return `${Math.round(value * 1000) / 1000} s`;
}

function why(line: Exclude<Compared, { kind: 'same' }>): string {
  if (line.kind === 'missing') return 'missing';
  if (line.kind === 'extra') return 'not in the script';
  const off = line.in.map(
    (what) => `${what} off by ${seconds(Math.abs(line.received[what] - line.expected[what]))}`,
  );
  return off.join(', ');
}
