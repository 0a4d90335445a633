import type { ListeningEvent } from '../domain/event.js';
import type { Input } from '../domain/place.js';
import type { SessionEvent } from '../domain/session.js';

const NULL = -1;
const UNDEFINED = -2;

/** Texts, each once, known by their numbers. */
export class Texts {
  readonly all: string[] = [];
  readonly #numbers = new Map<string, number>();

  numberOf(text: string | null | undefined): number {
    if (text === null) return NULL;
    if (text === undefined) return UNDEFINED;
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    this.#numbers.set(text, this.all.length);
    return this.all.push(text) - 1;
  }
}

/** An event without its names: place, ids, SeqNumber, Source, `sound`, `written`. */
export type PackedEvent = readonly [
  place: readonly [input: number, line: number, column: number, pointer: number, request: number | null],
  organizationId: number,
  clipId: number,
  sessionId: number,
  seqNumber: number | null,
  source: number,
  sound: PackedSound | null,
  written: unknown,
];

type PackedSound = readonly [
  organizationId: number,
  clipId: number,
  sessionId: number,
  stops: boolean,
  position: number,
  seqNumber: number,
  timestamp: number,
];

export function packEvent(event: SessionEvent, texts: Texts, input: number): PackedEvent {
  const { line, column, pointer, request } = event.place;
  return [
    [input, line, column, texts.numberOf(pointer), request],
    texts.numberOf(event.organizationId),
    texts.numberOf(event.clipId),
    texts.numberOf(event.sessionId),
    event.seqNumber,
    texts.numberOf(event.source),
    event.sound && packSound(event.sound, texts),
    event.written,
  ];
}

export function unpackEvent(
  packed: PackedEvent,
  texts: readonly string[],
  inputs: readonly Input[],
): SessionEvent {
  const [place, organizationId, clipId, sessionId, seqNumber, source, sound, written] = packed;
  const [input, line, column, pointer, request] = place;
  return {
    place: { input: inputs[input]!, line, column, pointer: textOf(pointer, texts), request },
    organizationId: textOf(organizationId, texts),
    clipId: textOf(clipId, texts),
    sessionId: textOf(sessionId, texts),
    seqNumber,
    source: source === UNDEFINED ? undefined : texts[source]!,
    sound: sound && unpackSound(sound, texts),
    written,
  };
}

function packSound(sound: ListeningEvent, texts: Texts): PackedSound {
  return [
    texts.numberOf(sound.organizationId),
    texts.numberOf(sound.clipId),
    texts.numberOf(sound.sessionId),
    sound.type === 'Stop',
    sound.position,
    sound.seqNumber,
    sound.timestamp,
  ];
}

function unpackSound(packed: PackedSound, texts: readonly string[]): ListeningEvent {
  const [organizationId, clipId, sessionId, stops, position, seqNumber, timestamp] = packed;
  return {
    organizationId: texts[organizationId]!,
    clipId: texts[clipId]!,
    sessionId: texts[sessionId]!,
    type: stops ? 'Stop' : 'Start',
    position,
    seqNumber,
    timestamp,
  };
}

function textOf(number: number, texts: readonly string[]): string | null {
  return number === NULL ? null : texts[number]!;
}
