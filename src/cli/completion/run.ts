import type { Command } from 'commander';
import { type Cli, EXIT, type ExitCode } from '../cli.js';
import type { CommonFlags } from '../options/option.js';
import { openOutput, writeAll } from '../output.js';
import bash from './bash.sh?text';
import { complete } from './complete.js';
import fish from './fish.fish?text';
import powershell from './powershell.ps1?text';
import zsh from './zsh.sh?text';

const SCRIPTS = { bash, zsh, fish, powershell } as const;
export type Shell = keyof typeof SCRIPTS;

/** Prints the script that makes a shell complete our command lines. */
export async function runCompletion(shell: Shell, flags: CommonFlags, cli: Cli): Promise<ExitCode> {
  await writeAll(await openOutput(flags.output, cli.stdout), [SCRIPTS[shell]]);
  return EXIT.ok;
}

/**
 * Tells a shell's script what may stand in the place of the last word: a candidate a line, with a tab and a text behind it; `:files` where
 * names of files may stand there, `:more` where no space follows.
 * @param bash Whether the shell is bash, which takes `=` and `:` for words of their own.
 */
export async function runComplete(
  program: Command,
  given: readonly string[],
  bash: boolean,
  cli: Cli,
): Promise<ExitCode> {
  const words = bash ? rejoined(given) : given.map((word) => (word === '""' ? '' : word));
  const { candidates, files, more } = complete(program, words);
  const last = words.at(-1) ?? '';
  const cut = bash ? Math.max(last.lastIndexOf('='), last.lastIndexOf(':')) + 1 : 0;
  const lines = candidates.map(({ value, text }) => `${value.slice(cut)}\t${text}\n`);
  if (files) lines.push(':files\n');
  if (more) lines.push(':more\n');
  await writeAll(await openOutput(undefined, cli.stdout), lines);
  return EXIT.ok;
}

/** The words as they were typed: bash has split them at `=` and `:`. */
function rejoined(words: readonly string[]): readonly string[] {
  const whole: string[] = [];
  let joins = false;
  for (const word of words) {
    const separates = word === '=' || word === ':';
    if ((separates || joins) && whole.length > 0) whole[whole.length - 1] += word;
    else whole.push(word);
    joins = separates;
  }
  return whole;
}
