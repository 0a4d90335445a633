import { describe, expect, it } from 'vitest';
import { pointsOf } from '../../src/wire/contract.js';

describe('the points of a reference', () => {
  it.each([
    ['', []],
    ['API-9', ['API-9']],
    ['API-2, OBS-1', ['API-2', 'OBS-1']],
    ['API-3, API-8..11', ['API-3', 'API-8', 'API-9', 'API-10', 'API-11']],
  ])('%s', (reference, ids) => {
    const points = pointsOf(reference);
    expect(points.map(({ id }) => id)).toEqual(ids);
    for (const { id, documented } of points) expect(documented).toBe(id.startsWith('API'));
  });
});
