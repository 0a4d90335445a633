import { Chalk, type ChalkInstance } from 'chalk';
import type { Cli } from './cli.js';

export const COLOR_CHOICES = ['auto', 'always', 'never'] as const;
export type ColorChoice = (typeof COLOR_CHOICES)[number];

/** The colours for a stream: by `--color`, then NO_COLOR, FORCE_COLOR and TERM, then whether it is a terminal. */
export function colorsFor(stream: NodeJS.WriteStream, choice: ColorChoice, env: Cli['env']): ChalkInstance {
  return new Chalk({ level: wanted(stream, choice, env) ? 1 : 0 });
}

function wanted(stream: NodeJS.WriteStream, choice: ColorChoice, env: Cli['env']): boolean {
  if (choice !== 'auto') return choice === 'always';
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== '0';
  return stream.isTTY === true && env.TERM !== 'dumb';
}
