import { UserError } from '../domain/errors.js';
import { readDuration, readPosition } from './script-times.js';

/** One thing that the described listener does. Times are of the clock, positions of the audio, both in milliseconds. */
export type Step =
  | { readonly kind: 'play'; readonly clockMs: number }
  | { readonly kind: 'pause'; readonly clockMs: number }
  | { readonly kind: 'seek'; readonly toMs: number }
  | { readonly kind: 'skip'; readonly byMs: number }
  | { readonly kind: 'speed'; readonly speed: number }
  | { readonly kind: 'kill' };

/** A described session. */
export type Script = readonly Step[];

const SPEED = { slowest: 0.1, fastest: 16 };

/** What each word wants behind it, and how it is read; undefined where it cannot be read. */
const WORDS: Readonly<Record<string, { readonly wants: string; read(argument: string): Step | undefined }>> =
  {
    play: { wants: 'a duration, such as 30s, 5m, 1h30m or 0.5s', read: (text) => timed('play', text) },
    pause: { wants: 'a duration, such as 30s, 5m or 2d', read: (text) => timed('pause', text) },
    seek: { wants: 'a position, such as 300, 5:00, +30 or -15', read: seek },
    speed: { wants: `a speed from ${SPEED.slowest} to ${SPEED.fastest}, such as 1.5`, read: speed },
    kill: { wants: 'nothing behind it', read: (text) => (text === '' ? { kind: 'kill' } : undefined) },
  };

/**
 * Reads a script: `play 30s; pause 5m; seek 300; speed 2; play 60s; kill`. Statements end at `;` or at the end of the line; `#` begins a
 * comment. `play` and `pause` take clock time (a number alone is seconds); `seek P` goes to a position, `seek +30` and `seek -15` by one;
 * `kill` ends the session without a Stop and comes last.
 * @param name what the script is called in messages.
 * @throws UserError (`input`) with line and column, for what cannot be read, and where nothing is played.
 */
export function parseScript(text: string, name = '<script>'): Script {
  const steps: Step[] = [];
  for (const [index, line] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .entries()) {
    for (const { statement, column } of statementsOf(line)) {
      const place = `${name}:${index + 1}:${column}`;
      if (steps.at(-1)?.kind === 'kill') throw unreadable(place, 'nothing after kill', statement);
      steps.push(stepOf(statement, place));
    }
  }
  if (!steps.some(({ kind }) => kind === 'play'))
    throw unreadable(name, 'at least one play', 'a script without');
  return steps;
}

function* statementsOf(line: string): Generator<{ statement: string; column: number }> {
  const code = line.replace(/#.*$/, '');
  let from = 0;
  for (const part of code.split(';')) {
    const statement = part.trim();
    if (statement !== '') yield { statement, column: from + part.indexOf(statement) + 1 };
    from += part.length + 1;
  }
}

function stepOf(statement: string, place: string): Step {
  const [word = '', ...rest] = statement.split(/\s+/);
  const known = Object.hasOwn(WORDS, word) ? WORDS[word] : undefined;
  if (!known) throw unreadable(place, `one of ${Object.keys(WORDS).join(', ')}`, word);
  const step = known.read(rest.join(' '));
  if (!step) throw unreadable(place, `${word} with ${known.wants}`, statement);
  return step;
}

function timed(kind: 'play' | 'pause', text: string): Step | undefined {
  const clockMs = readDuration(text);
  return clockMs === undefined ? undefined : { kind, clockMs };
}

function seek(text: string): Step | undefined {
  const [, sign, rest = ''] = /^([+-]?)(.*)$/.exec(text)!;
  const ms = readPosition(rest);
  if (ms === undefined) return undefined;
  if (sign === '') return { kind: 'seek', toMs: ms };
  return { kind: 'skip', byMs: sign === '-' ? -ms : ms };
}

function speed(text: string): Step | undefined {
  const [, number] = /^(\d+(?:\.\d+)?)x?$/.exec(text) ?? [];
  const value = Number(number);
  return value >= SPEED.slowest && value <= SPEED.fastest ? { kind: 'speed', speed: value } : undefined;
}

function unreadable(place: string, wanted: string, seen: string): UserError {
  return new UserError(
    'input',
    `${place}: Expected ${wanted}, received ${seen}`,
    'A script reads like this: play 30s; pause 5m; seek 300; speed 2; play 60s; kill',
  );
}
