import { RECORDER } from '../../recorder/source.js';
import { type Cli, EXIT, type ExitCode } from '../cli.js';
import type { CommonFlags } from '../options/option.js';
import { openOutput, writeAll } from '../output.js';

export interface RecorderFlags extends CommonFlags {
  readonly typescript?: boolean;
}

export async function runRecorder({ typescript, output }: RecorderFlags, cli: Cli): Promise<ExitCode> {
  const text = typescript ? RECORDER.typescript : RECORDER.javascript;
  await writeAll(await openOutput(output, cli.stdout), [text]);
  return EXIT.ok;
}
