import { UserError } from '../domain/errors.js';
import { isGuid } from '../domain/guid.js';
import { escaped } from '../domain/text.js';
import { LengthReader } from './lengths.js';

/** A clip as a feed or the consumer API lists it. */
export interface FeedClip {
  readonly id: string;
  /** Its id in other systems: the feed's `<guid>`, the API's `ExternalId`. */
  readonly externalId: string | undefined;
  readonly seconds: number | undefined;
  readonly title: string | undefined;
}

/** What a `--clips` or `--clip-map` file is, by its content. */
export function catalogueForm(text: string): 'feed' | 'json' | 'csv' {
  const first = text.replace(/^\ufeff/, '').trimStart()[0];
  if (first === '<') return 'feed';
  return first === '{' || first === '[' ? 'json' : 'csv';
}

/** The elements of an `<item>` that `readFeed` reads. */
const READ = ['omny:clipId', 'itunes:duration', 'guid', 'title'] as const;

/**
 * Reads the clips of an Omny RSS feed: `<omny:clipId>`, `<itunes:duration>` (seconds or h:mm:ss), `<guid>` and
 * `<title>` of each `<item>`. Items without a clip id (of other hosts) are left out.
 * @throws UserError of kind `input` where the text is not well-formed XML, or no item has a clip id.
 */
export async function readFeed(text: string, file: string): Promise<FeedClip[]> {
  const { SaxesParser } = await import('saxes');
  const parser = new SaxesParser({ position: true });
  const clips: FeedClip[] = [];
  const path: string[] = [];
  let item: Map<string, string> | undefined;
  parser.on('error', (error) => {
    throw new UserError('input', `${escaped(file)}: not well-formed XML: ${escaped(error.message)}`);
  });
  parser.on('opentag', ({ name }) => {
    path.push(name);
    if (name === 'item') item = new Map();
  });
  const addText = (piece: string): void => {
    const name = path.at(-1)!;
    // Only direct children of the item count: <media:content> can also have a <title>.
    if (item && path.at(-2) === 'item' && READ.some((known) => known === name))
      item.set(name, (item.get(name) ?? '') + piece);
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', ({ name }) => {
    path.pop();
    if (name !== 'item' || !item) return;
    const clip = clipOfItem(item);
    if (clip) clips.push(clip);
    item = undefined;
  });
  parser.write(text.replace(/^\ufeff/, '')).close();
  if (clips.length > 0) return clips;
  throw new UserError(
    'input',
    `${escaped(file)}: no <item> with an <omny:clipId> in it`,
    'Use the RSS feed of an Omny playlist, or CSV with the columns ClipId and Duration',
  );
}

function clipOfItem(item: ReadonlyMap<string, string>): FeedClip | undefined {
  const textOf = (name: (typeof READ)[number]): string | undefined => item.get(name)?.trim() || undefined;
  const id = textOf('omny:clipId');
  if (id === undefined || !isGuid(id)) return undefined;
  return {
    id,
    externalId: textOf('guid'),
    seconds: secondsOf(textOf('itunes:duration')),
    title: textOf('title'),
  };
}

/**
 * Reads the clips of a JSON answer of Omny's public consumer API: objects with `Id`, `ExternalId`, `DurationSeconds`
 * and `Title`, alone, in an array, or under `Clips`.
 * @throws UserError of kind `input` where the text is not JSON, or holds no such object.
 */
export function readConsumerClips(text: string, file: string): FeedClip[] {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (error) {
    throw new UserError(
      'input',
      `${escaped(file)}: cannot be read as JSON: ${escaped((error as Error).message)}`,
    );
  }
  const listed = isRecord(value) && Array.isArray(value.Clips) ? value.Clips : value;
  const items: readonly unknown[] = Array.isArray(listed) ? listed : [listed];
  const clips = items.flatMap((item) => clipOfObject(item) ?? []);
  if (clips.length > 0) return clips;
  throw new UserError(
    'input',
    `${escaped(file)}: no object with the Id of a clip in it`,
    'Use a consumer API answer that lists clips, or CSV with the columns ClipId and Duration',
  );
}

function clipOfObject(item: unknown): FeedClip | undefined {
  if (!isRecord(item) || !isGuid(item.Id)) return undefined;
  const { Id: id, ExternalId: externalId, DurationSeconds: seconds, Title: title } = item;
  return {
    id,
    externalId: typeof externalId === 'string' && externalId !== '' ? externalId : undefined,
    seconds: typeof seconds === 'number' && seconds > 0 ? seconds : undefined,
    title: typeof title === 'string' && title !== '' ? title : undefined,
  };
}

function secondsOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const ms = new LengthReader({ unit: 's', commaAllowed: false }).read(text, 'a duration');
  return typeof ms === 'number' && ms > 0 ? ms / 1000 : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
