import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { ProgressLine, progressText, secondsLeft } from '../../src/cli/progress-line.js';

describe('an estimate', () => {
  it('is what is left at the rate so far', () => {
    expect(secondsLeft({ done: 25, total: 100, seconds: 10 })).toBe(30);
  });

  it.each([
    ['nothing is done yet', { done: 0, total: 100, seconds: 10 }],
    ['no time has passed', { done: 5, total: 100, seconds: 0 }],
    ['the total is unknown', { done: 5, total: null, seconds: 10 }],
    ['there is nothing to do', { done: 0, total: 0, seconds: 10 }],
    ['all is done', { done: 100, total: 100, seconds: 10 }],
    ['more than all is done', { done: 101, total: 100, seconds: 10 }],
    ['it is longer than a year', { done: 1, total: 1e9, seconds: 3600 }],
    ['the clock has gone back', { done: 5, total: 100, seconds: -1 }],
  ])('is none where %s', (_, reached) => {
    expect(secondsLeft(reached)).toBeNull();
  });
});

describe('a line of progress', () => {
  const half = { done: 650, total: 1300 };

  it('fits every terminal, and cuts no number', () => {
    const bar = (full: number, of: number) => '='.repeat(full) + '-'.repeat(of - full);
    expect(progressText('sending', half, 7200, 120)).toBe(
      `sending ${bar(20, 40)} 50 %  650 of 1,300 sessions  2 h left`,
    );
    expect(progressText('sending', half, 7200, 80)).toBe(
      `sending ${bar(16, 33)} 50 %  650 of 1,300 sessions  2 h left`,
    );
    expect(progressText('sending', half, 7200, 60)).toBe(
      `sending ${bar(6, 13)} 50 %  650 of 1,300 sessions  2 h left`,
    );
    expect(progressText('sending', half, 7200, 46)).toBe('sending 50 %  650 of 1,300 sessions  2 h left');
    expect(progressText('sending', half, 7200, 40)).toBe('sending 50 %  650 of 1,300 sessions');
    expect(progressText('sending', half, 7200, 20)).toBe('sending 50 %');
    for (let columns = 13; columns < 130; columns += 1)
      expect(progressText('sending', half, 7200, columns).length).toBeLessThan(columns);
  });

  it('has no share of an unknown total or of nothing, and never more than all', () => {
    expect(progressText('sending', { done: 1200, total: null }, null, 80)).toBe('sending 1,200 sessions');
    expect(progressText('sending', { done: 0, total: 0 }, null, 80)).toBe('sending 0 sessions');
    expect(progressText('sending', { done: 12, total: 10 }, null, 50)).toMatch(
      /=+ 100 % {2}12 of 10 sessions$/,
    );
    expect(progressText('sending', { done: 999, total: 1000 }, null, 50)).toContain(' 99 %');
  });

  it('shows no estimate at the start, and is removed at the end', () => {
    const stream = Object.assign(new PassThrough({ encoding: 'utf8' }), { columns: 60 });
    const line = new ProgressLine(stream as unknown as NodeJS.WriteStream);
    line.showShare('sending', 0, 10);
    line.clear();
    line.clear();
    expect(stream.read()).toBe(`\r\u001b[Ksending ${'-'.repeat(29)} 0 %  0 of 10 sessions\r\u001b[K`);
  });
});
