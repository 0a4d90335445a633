/** One of the inputs of a run, as the user named it. */
export interface Input {
  /** Its index among the inputs, from 0. */
  readonly index: number;
  /** The path as given, or `<stdin>`. */
  readonly name: string;
  /** Whether the input is the requests that arrive at a mock. A line number then refers to one request. */
  readonly isMock?: true;
}

/** A place in the input. */
export interface Place {
  readonly input: Input;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units as editors count them. */
  readonly column: number;
  /** The JSON pointer from the root of the document or line; null for CSV and broken syntax. */
  readonly pointer: string | null;
  /** Which request of the run, from 0; null where the input has no requests. */
  readonly request: number | null;
  /** Which entry of a HAR's `log.entries`, from 0; absent elsewhere. */
  readonly entry?: number | undefined;
}

const IN_EVENT = /^\/Events\/(\d+)(\/.*)?$/;

/** The properties of a place from which its text is made. */
type PlaceInRequest = Pick<Place, 'entry' | 'request' | 'pointer'> & {
  readonly input: Pick<Input, 'isMock'>;
};

/** The request of a HAR or a mock and the event in it, for people: `entry 12, event 3`. Empty for other inputs. */
export function requestWords({ input, entry, request, pointer }: PlaceInRequest): readonly string[] {
  const number = entry === undefined ? (input.isMock ? request : null) : entry;
  if (number === null) return [];
  const event = IN_EVENT.exec(pointer ?? '')?.[1];
  const words = `${entry === undefined ? 'request' : 'entry'} ${number}`;
  return [event === undefined ? words : `${words}, event ${event}`];
}

/** A place for people, in addition to its line: `request 95, event 19, /Position`, or the JSON pointer. */
export function wordsOf(place: PlaceInRequest): readonly string[] {
  const words = requestWords(place);
  const pointer = place.pointer ?? '';
  const below = words.length === 0 ? pointer : pointer.replace(IN_EVENT, '$2');
  return below === '' ? words : [...words, below];
}

/** Text position of a value, both from 1. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
}
