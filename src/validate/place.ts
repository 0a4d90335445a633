import type { Place } from '../domain/place.js';
import type { Locate } from '../domain/record.js';

/** The place of what stands at `pointer` below the value at `place`. */
export function placeBelow(place: Place, pointer: string, locate: Locate): Place {
  return {
    ...place,
    ...locate(pointer),
    pointer: place.pointer === null ? null : place.pointer + pointer,
  };
}
