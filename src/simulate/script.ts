import { UserError } from '../domain/errors.js';
import type { Clip } from './catalogue.js';
import { type PlayedEvent, Player, type SessionIdentity } from './listener.js';
import type { Random } from './random.js';

/** One step of a script. `clockMs` is time by the clock, `toMs` and `byMs` are places in the audio. */
export type Step =
  | { readonly kind: 'play'; readonly clockMs: number }
  | { readonly kind: 'pause'; readonly clockMs: number }
  | { readonly kind: 'seek'; readonly toMs: number }
  | { readonly kind: 'skip'; readonly byMs: number }
  | { readonly kind: 'speed'; readonly speed: number }
  | { readonly kind: 'kill' };

/** The steps of one session. */
export type Script = readonly Step[];

const SPEED = { slowest: 0.1, fastest: 16 };

/**
 * The statements of a script: how messages describe the argument, and a function that reads it. The function returns undefined
 * if it cannot.
 */
const WORDS: Readonly<
  Record<string, { readonly argument: string; read(argument: string): Step | undefined }>
> = {
  play: { argument: 'a duration, such as 30s, 5m, 1h30m or 0.5s', read: (text) => timed('play', text) },
  pause: { argument: 'a duration, such as 30s, 5m or 2d', read: (text) => timed('pause', text) },
  seek: { argument: 'a position, such as 300, 5:00, +30 or -15', read: seek },
  speed: { argument: `a speed from ${SPEED.slowest} to ${SPEED.fastest}, such as 1.5`, read: speed },
  kill: { argument: 'nothing after it', read: (text) => (text === '' ? { kind: 'kill' } : undefined) },
};

/**
 * Reads a script: `play 30s; pause 5m; seek 300; speed 2; play 60s; kill`. Statements end at `;` or at the end of the line; `#`
 * begins a comment. `play` and `pause` take clock time (a number alone is seconds); `seek P` moves to a position, `seek +30`
 * and `seek -15` by an amount; `kill` ends the session without a Stop and must be last.
 * @param name The name of the script in messages.
 * @throws UserError (`input`) with line and column if a statement cannot be read, or if the script plays nothing.
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
    throw unreadable(name, 'at least one play', 'a script without one');
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
  if (!step) throw unreadable(place, `${word} with ${known.argument}`, statement);
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
    'Example of a script: play 30s; pause 5m; seek 300; speed 2; play 60s; kill',
  );
}

const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const PART = /(\d+(?:\.\d+)?)(ms|s|m|h|d)/y;
const SECONDS = /^\d+(?:\.\d+)?$/;
const CLOCK = /^(?:(\d+):)?(\d{1,2}):(\d{2}(?:\.\d+)?)$/;

/**
 * The milliseconds of a duration: `30s`, `1h30m`, `250ms`, `2d`, or a number of seconds; undefined for any other
 * text.
 */
export function readDuration(text: string): number | undefined {
  if (SECONDS.test(text)) return whole(Number(text) * 1000);
  let ms = 0;
  PART.lastIndex = 0;
  while (PART.lastIndex < text.length) {
    const part = PART.exec(text);
    if (!part) return undefined;
    ms += Number(part[1]) * UNITS[part[2] as keyof typeof UNITS];
  }
  return text === '' ? undefined : whole(ms);
}

/** The milliseconds of a position: seconds, `m:ss`, `h:mm:ss`, or a duration; undefined for any other text. */
export function readPosition(text: string): number | undefined {
  const clock = CLOCK.exec(text);
  if (!clock) return readDuration(text);
  const [, hours = '0', minutes, seconds] = clock;
  if (Number(seconds) >= 60 || (clock[1] !== undefined && Number(minutes) >= 60)) return undefined;
  return whole((Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000);
}

function whole(ms: number): number | undefined {
  return Number.isSafeInteger(Math.round(ms)) ? Math.round(ms) : undefined;
}

const NOBODY: SessionIdentity = { organizationId: '', clipId: '', sessionId: '', source: undefined };

/**
 * The events of a session that follows a script. A seek while playing is a Stop at the old position, and a Start when playback
 * continues. A change of speed is not an event. At the end of the clip playback stops, and the rest of a `play` passes without
 * audio. The end of the script also stops playback; after `kill`, there is no Stop.
 * @param startMs Unix time in milliseconds of the first step.
 * @param durationMs The duration of the clip; Infinity if unknown.
 */
export function playScript(
  script: Script,
  identity: SessionIdentity,
  startMs: number,
  durationMs: number,
): Player {
  const player = new Player(identity, startMs, 0, 1);
  play(script, player, durationMs);
  return player;
}

/** The time and the position of an event. */
export interface ScriptMoment {
  readonly type: PlayedEvent['type'];
  readonly positionMs: number;
  /** Milliseconds since the script's first step. */
  readonly clockMs: number;
}

/** The events of a script with exact times, which events themselves round to whole seconds. */
export function momentsOf(script: Script, durationMs: number): readonly ScriptMoment[] {
  const player = new MomentPlayer(NOBODY, 0, 0, 1);
  play(script, player, durationMs);
  return player.moments;
}

class MomentPlayer extends Player {
  readonly moments: ScriptMoment[] = [];

  protected override emit(type: PlayedEvent['type']): void {
    this.moments.push({ type, positionMs: this.positionMs, clockMs: this.clockMs });
  }
}

function play(script: Script, player: Player, durationMs: number): void {
  for (const step of script) {
    if (step.kind === 'kill') return;
    take(step, player, durationMs);
  }
  player.stop();
}

function take(step: Exclude<Step, { kind: 'kill' }>, player: Player, durationMs: number): void {
  const within = (positionMs: number): number => Math.min(Math.max(0, positionMs), durationMs);
  if (step.kind === 'play') playFor(step.clockMs, player, durationMs);
  else if (step.kind === 'pause') player.wait(step.clockMs);
  else if (step.kind === 'seek') player.seek(within(step.toMs));
  else if (step.kind === 'skip') player.seek(within(player.positionMs + step.byMs));
  else player.speed = step.speed;
}

function playFor(clockMs: number, player: Player, durationMs: number): void {
  const left = durationMs - player.positionMs;
  const audioMs = Math.round(clockMs * player.speed);
  if (audioMs < left) {
    player.play(audioMs, clockMs);
    return;
  }
  const untilEnd = left > 0 ? Math.min(clockMs, Math.round(left / player.speed)) : 0;
  if (left > 0) player.play(left, untilEnd);
  player.wait(clockMs - untilEnd);
}

/** `playThrough` needs a clip this long; a shorter clip is only played to its end. */
export const LEAST_CLIP_MS = 300_000;
const FASTER = 1.5;

/**
 * Plays a clip to its end and uses every control on the way: a short and a long pause, a stall, jumps ahead, back and while
 * paused, and another speed. All of it must fit into `LEAST_CLIP_MS`, most of which it takes. It is the first of the four sessions of the
 * profile `tester`.
 */
export function playThrough(player: Player, { durationMs }: Clip, random: Random): void {
  if (durationMs >= LEAST_CLIP_MS) {
    const { speed } = player;
    player.play(random.whole(10_000, 20_000));
    player.wait(random.whole(3000, 15_000));
    player.play(random.whole(10_000, 20_000));
    // A stall: it is shorter than any pause of a person.
    player.wait(random.whole(200, 900));
    player.play(random.whole(10_000, 20_000));
    player.wait(random.whole(660_000, 1_200_000));
    player.play(random.whole(10_000, 20_000));
    player.seek(player.positionMs + 30_000);
    player.wait(random.whole(0, 900));
    player.play(random.whole(20_000, 30_000));
    player.seek(player.positionMs - 15_000);
    player.wait(random.whole(0, 900));
    player.play(random.whole(10_000, 20_000));
    player.wait(random.whole(7000, 15_000));
    player.seek(player.positionMs + 20_000);
    player.speed = FASTER;
    player.play(random.whole(60_000, 75_000));
    player.wait(random.whole(3000, 6000));
    player.speed = speed;
  }
  playToEnd(player, durationMs);
}

/** Plays the rest of a clip. */
export function playToEnd(player: Player, durationMs: number): void {
  if (player.positionMs < durationMs) player.play(durationMs - player.positionMs);
  player.stop();
}
