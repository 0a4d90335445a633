import { nearest } from '../../domain/text.js';
import { type ColumnName, columnKey } from './columns.js';

/** Words that warehouses and players use in the headers of what the API names otherwise, the more telling first. */
const WORDS: Readonly<Record<ColumnName, readonly string[]>> = {
  OrganizationId: ['organization', 'organisation', 'org', 'network', 'publisher', 'tenant', 'account'],
  ClipId: ['clip', 'episode', 'audio', 'media', 'track', 'content', 'item'],
  SessionId: ['session', 'play', 'listen', 'stream', 'visit'],
  Type: ['type', 'action', 'kind', 'event'],
  Position: ['position', 'playhead', 'offset', 'pos', 'progress'],
  SeqNumber: ['sequence', 'seq', 'order', 'number', 'index'],
  Timestamp: ['timestamp', 'time', 'ts', 'date', 'at'],
  Source: ['source', 'platform', 'channel'],
  ClipDuration: ['duration', 'length'],
  StartedAt: ['started', 'start', 'began', 'begin', 'timestamp', 'time', 'ts', 'date', 'at'],
  Segments: ['segments', 'segment', 'ranges', 'range', 'intervals', 'parts'],
  ListenedSeconds: ['listened', 'heard', 'consumed', 'played', 'seconds', 'duration', 'listen'],
  StartPosition: ['position', 'offset'],
  Speed: ['speed', 'rate'],
};

/** The header that most likely holds a column under another name; undefined where none does. */
export function guessHeader(column: ColumnName, headers: readonly string[]): string | undefined {
  for (const word of WORDS[column]) {
    const named =
      headers.find((header) => columnKey(header) === word) ??
      headers.find((header) => wordsOf(header).includes(word));
    if (named !== undefined) return named;
  }
  return nearest(column, headers);
}

function wordsOf(header: string): string[] {
  return header
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/);
}
