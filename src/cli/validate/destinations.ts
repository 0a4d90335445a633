import { UserError } from '../../domain/errors.js';
import { type Output, openOutput } from '../output.js';
import { isSameFile } from '../written-files.js';
import type { ReportFormat, ReportWanted } from './reporters/reporter.js';

/** A report and the file that it goes to; to standard output where there is none. */
export interface Destination {
  readonly format: ReportFormat;
  readonly file: string | undefined;
}

/**
 * Where each report goes, the one for standard output last, since its reader may leave early.
 * @param output The file that takes the place of standard output.
 * @throws UserError of kind `usage` where two reports would go to one place, or one would take the place of an input.
 */
export function destinationsOf(
  wanted: readonly ReportWanted[],
  output: string | undefined,
  inputs: readonly string[],
): readonly Destination[] {
  const unnamed = wanted.filter(({ file }) => file === undefined);
  if (unnamed.length > 1) {
    const [first, second] = unnamed.map(({ format }) => format);
    throw new UserError(
      'usage',
      `${first} and ${second} would both go to ${output === undefined ? 'standard output' : output}`,
      `Send one of them to a file: --format ${second}:FILE`,
    );
  }
  if (unnamed.length === 0 && output !== undefined) {
    throw new UserError(
      'usage',
      `-o ${output}: every --format names a file of its own`,
      'Leave -o out, or add --format pretty for it',
    );
  }
  const files = wanted.filter(({ file }) => file !== undefined);
  const destinations = [...files, ...unnamed.map(({ format }) => ({ format, file: output }))].map(
    ({ format, file }) => ({ format, file: file === '-' ? undefined : file }),
  );
  refuseClashes(destinations, inputs);
  return destinations;
}

function refuseClashes(destinations: readonly Destination[], inputs: readonly string[]): void {
  const taken = inputs.map((path) => ({ path, clash: 'is read, it cannot be the report too' }));
  for (const { file } of destinations) {
    if (file === undefined) continue;
    const same = taken.find(({ path }) => isSameFile(path, file));
    if (same) throw new UserError('usage', `${file}: ${same.clash}`, 'Name another file');
    taken.push({ path: file, clash: 'is named for two reports' });
  }
}

/** Opens all of them, or none. @throws UserError of kind `output` where one cannot be written. */
export async function openAll(
  destinations: readonly Destination[],
  stdout: NodeJS.WriteStream,
): Promise<readonly Output[]> {
  const outputs: Output[] = [];
  try {
    for (const { file } of destinations) outputs.push(await openOutput(file, stdout));
  } catch (error) {
    await Promise.all(outputs.map((output) => output.abandon()));
    throw error;
  }
  return outputs;
}
