import { Help } from 'commander';

const help = new Help();

/** The text, broken into lines between words, each behind so many spaces. */
export function indented(text: string, indent: number, width: number): string {
  const space = ' '.repeat(indent);
  return help
    .boxWrap(text, width - indent)
    .split('\n')
    .map((line) => `${space}${line}`)
    .join('\n');
}

/**
 * The text as it is, with the blanks that it begins with; broken between words where it is wider than a terminal, what follows two blanks deeper.
 * @param columns Null where it goes to no terminal, whose reader may search it by the line.
 */
export function hanging(text: string, columns: number | null): string {
  if (columns === null) return text;
  const begin = text.length - text.trimStart().length;
  return `${' '.repeat(begin)}${indented(text.trimStart(), begin + 2, columns).trimStart()}`;
}
