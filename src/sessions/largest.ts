import { grouped } from '../domain/count.js';
import { UserError } from '../domain/errors.js';
import { readGuid } from '../domain/guid-words.js';
import { WORD } from './rows.js';

/** A session is held whole, in some 600 bytes an event. */
export const MOST_EVENTS = 1_000_000;

/** Why a session that grows beyond that is not taken. @param row Where a row of it begins. */
export function tooLarge(words: Uint32Array, row: number, most: number): UserError {
  return new UserError(
    'data',
    `session ${readGuid(words, row + WORD.key)}: expected at most ${grouped(most)} events, since a session is held whole, received more`,
    'A session is one listening of one clip: look whether the player, or the query that made this file, gives all the same SessionId',
  );
}
