import { describe, expect, test } from 'vitest';
import { faultFor, parseFault } from '../../../src/mock/faults/fault.js';

describe('a fault is read', () => {
  test.each<[string, object]>([
    ['503', { kind: 'status', status: 503, retryAfterSeconds: null }],
    ['429=5s', { kind: 'status', status: 429, retryAfterSeconds: 5 }],
    ['429=1500ms', { kind: 'status', status: 429, retryAfterSeconds: 2 }],
    ['503=2m', { kind: 'status', status: 503, retryAfterSeconds: 120 }],
    ['delay=200ms', { kind: 'delay', ms: 200 }],
    ['delay=1.5s', { kind: 'delay', ms: 1500 }],
    ['drip', { kind: 'drip', everyMs: 1000 }],
    ['drip=50ms', { kind: 'drip', everyMs: 50 }],
    ['redirect=https://example.com/a?b=c', { kind: 'redirect', location: 'https://example.com/a?b=c' }],
    ['redirect=http://ann@example.com/', { kind: 'redirect', location: 'http://ann@example.com/' }],
    ['redirect=/elsewhere', { kind: 'redirect', location: '/elsewhere' }],
    ...['hang', 'refuse', 'reset', 'reset-after', 'cut', 'html', 'bad-json', 'empty', 'huge', 'disabled'].map(
      (kind): [string, object] => [kind, { kind }],
    ),
  ])('%s', (spec, what) => {
    expect(parseFault(spec)).toEqual({ spec, what, when: { kind: 'always' } });
  });

  test.each([
    ['503@p0.1', { kind: 'share', share: 0.1 }],
    ['503@p1', { kind: 'share', share: 1 }],
    ['503@p.5', { kind: 'share', share: 0.5 }],
    ['503@#3', { kind: 'range', from: 3, to: 3 }],
    ['503@#5-9', { kind: 'range', from: 5, to: 9 }],
    ['503@#10+', { kind: 'range', from: 10, to: Number.POSITIVE_INFINITY }],
    ['503@every4', { kind: 'every', n: 4 }],
    ['redirect=http://ann@example.com/@#2', { kind: 'range', from: 2, to: 2 }],
  ])('%s', (spec, when) => {
    expect(parseFault(spec).when).toEqual(when);
  });

  test.each([
    ['', 'expected an HTTP status'],
    ['foo', 'received "foo"'],
    ['100', 'from 200 to 599'],
    ['600', 'from 200 to 599'],
    ['429=soon', 'a length of time'],
    ['delay', 'received "none"'],
    ['delay=5', 'a length of time'],
    ['delay=2h', 'a length of time'],
    ['hang=5s', 'hang alone'],
    ['redirect', 'URL'],
    ['redirect=ftp://x/', 'URL'],
    ['503@', 'after the @'],
    ['503@#0', 'after the @'],
    ['503@#9-5', 'after the @'],
    ['503@every0', 'after the @'],
    ['503@p1.5', 'after the @'],
    ['503@never', 'received "never"'],
  ])('but not %j', (spec, message) => {
    expect(() => parseFault(spec)).toThrow(expect.objectContaining({ kind: 'usage' }));
    expect(() => parseFault(spec)).toThrow(message);
  });
});

describe('a plan decides by the number of the request', () => {
  const met = (specs: readonly string[], numbers: number, seed = 1, stream = '') => {
    const plan = { faults: specs.map(parseFault), seed, stream };
    return Array.from({ length: numbers }, (_, i) => faultFor(plan, i + 1)?.spec ?? '-');
  };

  test.each([
    ['no fault', [], ['-', '-', '-', '-', '-']],
    ['always', ['503'], ['503', '503', '503', '503', '503']],
    ['one', ['503@#2'], ['-', '503@#2', '-', '-', '-']],
    ['some', ['503@#2-3'], ['-', '503@#2-3', '503@#2-3', '-', '-']],
    ['from one on', ['503@#4+'], ['-', '-', '-', '503@#4+', '503@#4+']],
    ['each so many', ['503@every2'], ['-', '503@every2', '-', '503@every2', '-']],
    ['the first wins', ['503@#2', 'html@every2', 'cut'], ['cut', '503@#2', 'cut', 'html@every2', 'cut']],
    ['never', ['503@p0'], ['-', '-', '-', '-', '-']],
    ['a sure share', ['503@p1'], ['503@p1', '503@p1', '503@p1', '503@p1', '503@p1']],
  ])('%s', (_, specs, expected) => {
    expect(met(specs, 5)).toEqual(expected);
  });

  test('a share meets about as many, the same for the same seed, others for another seed, fault or space', () => {
    const ofSeed = (seed: number, stream = '') => met(['503@p0.3'], 2000, seed, stream).join();
    expect(met(['503@p0.3'], 2000).filter((spec) => spec !== '-').length / 2000).toBeCloseTo(0.3, 1);
    expect(ofSeed(7)).toBe(ofSeed(7));
    expect(ofSeed(7)).not.toBe(ofSeed(8));
    expect(ofSeed(7)).not.toBe(ofSeed(7, 'checkout'));
    const both = met(['503@p0.5', 'html@p0.5'], 2000);
    expect(both.filter((spec) => spec === '-').length / 2000).toBeCloseTo(0.25, 1);
  });
});
