import javascript from './client/recorder.ts?javascript';
import typescript from './client/recorder.ts?text';

/** The browser recorder: a file to copy into a player. */
export const RECORDER = { javascript, typescript } as const;

const LEFT_OUT = '// …';
const WHOLE = '// omny-consume recorder prints the whole file';

/**
 * Statements of the recorder as JavaScript without indentation; null if `beginnings` is empty.
 * @param beginnings The beginning of each statement's first line.
 * @throws Error if no line of the recorder has one of these beginnings, or more than one line has it
 */
export function recorderLines(beginnings: readonly string[] = []): string | null {
  if (beginnings.length === 0) return null;
  return [beginnings.map(statement).join(`\n${LEFT_OUT}\n`), WHOLE].join('\n');
}

function statement(beginning: string): string {
  const lines = javascript.split('\n');
  const found = lines.filter((line) => line.trimStart().startsWith(beginning));
  const [first] = found;
  if (first === undefined || found.length > 1)
    throw new Error(`${found.length} lines of the recorder begin with ${beginning}`);
  const from = lines.indexOf(first);
  const indent = first.search(/\S/);
  const continues = (line: string) => line.search(/\S/) > indent || /^[)\]}]/.test(line.slice(indent));
  const length = lines.slice(from + 1).findIndex((line) => !continues(line)) + 1;
  return lines
    .slice(from, from + length)
    .map((line) => line.slice(indent))
    .join('\n');
}
