import { Chalk, type ChalkInstance } from 'chalk';
import type { ListenLengths } from '../domain/record.js';
import { escaped, formatDuration } from '../domain/text.js';
import { hanging, wrapped } from '../domain/wrap.js';
import type { Cli } from './cli.js';

export const COLOR_CHOICES = ['auto', 'always', 'never'] as const;
export type ColorChoice = (typeof COLOR_CHOICES)[number];

/**
 * The colours of a stream: decided by `--color`, then NO_COLOR, FORCE_COLOR and TERM, then whether it is a terminal.
 */
export function colorsFor(stream: NodeJS.WriteStream, choice: ColorChoice, env: Cli['env']): ChalkInstance {
  return new Chalk({ level: usesColor(stream, choice, env) ? 1 : 0 });
}

function usesColor(stream: NodeJS.WriteStream, choice: ColorChoice, env: Cli['env']): boolean {
  if (choice !== 'auto') return choice === 'always';
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== '0';
  return stream.isTTY === true && env.TERM !== 'dumb';
}

/** Text without commands to the runner of a GitHub workflow: a line that starts with `::`, or `##[` anywhere. */
function withoutCommands(text: string): string {
  return text.replaceAll(/^([^\S\n]*):(?=:)/gm, '$1\\u003a').replaceAll('##[', '#\\u0023[');
}

/**
 * Wraps a report for people at the width of the terminal that it goes to. Removes commands to a workflow's runner from
 * a report on standard output.
 * @param file The file that it is written to.
 */
export async function* forPeople(
  pieces: AsyncIterable<string> | Iterable<string>,
  file: string | undefined,
  { runner, stdout }: Pick<Cli, 'runner' | 'stdout'>,
): AsyncGenerator<string> {
  const shown = file === undefined || file === '-';
  const columns = shown ? columnsOf(stdout) : null;
  let rest = '';
  for await (const piece of pieces) {
    const text = rest + (shown && runner !== undefined ? withoutCommands(piece) : piece);
    const end = columns === null ? text.length : text.lastIndexOf('\n') + 1;
    rest = text.slice(end);
    if (end > 0) yield columns === null ? text : hanging(text.slice(0, end), columns);
  }
  if (rest !== '') yield hanging(rest, columns ?? Number.POSITIVE_INFINITY);
}

/** How a report on standard output looks: plain in a file. */
export function lookOf(
  { output, color }: { readonly output?: string; readonly color: ColorChoice },
  { stdout, env }: Pick<Cli, 'stdout' | 'env'>,
): { readonly colors: ChalkInstance; readonly columns: number | null } {
  const toFile = output !== undefined;
  return {
    colors: colorsFor(stdout, toFile ? 'never' : color, env),
    columns: toFile ? null : columnsOf(stdout),
  };
}

/** The width of a terminal; null without one. */
export function columnsOf(stream: NodeJS.WriteStream): number | null {
  return stream.columns || null;
}

/**
 * Standard error for people: wraps whole lines at the width of the terminal.
 * @param inWorkflow Whether to remove commands to a GitHub workflow's runner.
 */
export function errorsForPeople(stream: NodeJS.WriteStream, inWorkflow: boolean): NodeJS.WriteStream {
  const shown = (text: string): string => {
    const columns = columnsOf(stream);
    const safe = inWorkflow ? withoutCommands(text) : text;
    return columns === null || !safe.endsWith('\n') ? safe : hanging(safe, columns);
  };
  const write = (text: string | Uint8Array, ...rest: never[]): boolean =>
    stream.write(typeof text === 'string' ? shown(text) : text, ...rest);
  return new Proxy(stream, {
    get(target, name) {
      if (name === 'write') return write;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** The text, wrapped between words and indented by this many spaces. */
export function indented(text: string, indent: number, width: number): string {
  const space = ' '.repeat(indent);
  return text
    .split('\n')
    .map((line) => `${space}${wrapped(line, width - indent).replaceAll('\n', `\n${space}`)}`)
    .join('\n');
}

/** Bytes in the largest unit that gives at least 1. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}

/** How a terminal displays text. */
export interface Glyphs {
  /** Splits a text into the characters that a reader sees. */
  readonly of: (text: string) => readonly string[];
  /** The width of a character in columns. */
  readonly columns: (glyph: string) => number;
}

const ASCII = /^[\t\x20-\x7e]*$/;

const OF_ASCII: Glyphs = {
  of: (text) => text.replaceAll('\t', ' ').split(''),
  columns: () => 1,
};

/** How to display texts. The library for other scripts than Latin is loaded only if a text needs it. */
export async function glyphsFor(texts: Iterable<string>): Promise<Glyphs> {
  for (const text of texts) {
    if (!ASCII.test(text)) return anyGlyphs();
  }
  return OF_ASCII;
}

/** For text of any script. Control characters are escaped; a tab is shown as a space. */
async function anyGlyphs(): Promise<Glyphs> {
  const { default: stringWidth } = await import('string-width');
  const segmenter = new Intl.Segmenter('en');
  return {
    of: (text) =>
      Array.from(segmenter.segment(text), ({ segment }) => escaped(segment.replaceAll('\t', ' '))),
    columns: stringWidth,
  };
}

/** How long a table's sessions lasted. Without durations or end times, only a reader can check the unit. */
export function listeningText({ longestMs, medianMs, checked }: ListenLengths): string {
  const lengths = `longest listen ${formatDuration(longestMs / 1000)}, median ${formatDuration(medianMs / 1000)}`;
  return checked ? lengths : `${lengths}; no durations or end times to check against (--clips)`;
}
