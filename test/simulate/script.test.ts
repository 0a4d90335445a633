import { describe, expect, test } from 'vitest';
import { UserError } from '../../src/domain/errors.js';
import { momentsOf, parseScript } from '../../src/simulate/script.js';
import { simulate } from '../../src/simulate/simulate.js';

const UNKNOWN = Number.POSITIVE_INFINITY;

/** Type, position and time of each event, in seconds. */
function played(script: string, clipSeconds = UNKNOWN): string[] {
  return momentsOf(parseScript(script), clipSeconds * 1000).map(
    ({ type, positionMs, clockMs }) => `${type} ${positionMs / 1000} @${clockMs / 1000}`,
  );
}

describe('what a script plays', () => {
  test.each<[string, string, string[]]>([
    [
      'the issue’s example',
      'play 30s; pause 5m; seek 300; speed 2; play 60s; kill',
      ['Start 0 @0', 'Stop 30 @30', 'Start 300 @330'],
    ],
    ['an end writes the Stop', 'play 30s', ['Start 0 @0', 'Stop 30 @30']],
    [
      'speed changes within an interval, and is no event',
      'play 10s; speed 2; play 10s; speed 0.5; play 10s',
      ['Start 0 @0', 'Stop 35 @30'],
    ],
    [
      'a seek while playing is a Stop and a Start',
      'play 30s; seek 300; play 1m',
      ['Start 0 @0', 'Stop 30 @30', 'Start 300 @30', 'Stop 360 @90'],
    ],
    [
      'skips go by the position',
      'seek 100; play 10s; seek +30; play 5s; seek -15; play 1s',
      ['Start 100 @0', 'Stop 110 @10', 'Start 140 @10', 'Stop 145 @15', 'Start 130 @15', 'Stop 131 @16'],
    ],
    [
      'nothing lies before the start',
      'play 5s; seek -15; play 1s',
      ['Start 0 @0', 'Stop 5 @5', 'Start 0 @5', 'Stop 1 @6'],
    ],
    ['a pause at the end stops once', 'play 5s; pause 1h', ['Start 0 @0', 'Stop 5 @5']],
    ['killed in a pause', 'play 5s; pause 1h; kill', ['Start 0 @0', 'Stop 5 @5']],
    ['plays in a row are one', 'play 5s; play 5s; kill', ['Start 0 @0']],
    [
      'durations and positions in all spellings',
      'seek 1:02:03.5; play 1m30s; seek 5m; play 250ms; seek 2:00; play 1.5',
      [
        'Start 3723.5 @0',
        'Stop 3813.5 @90',
        'Start 300 @90',
        'Stop 300.25 @90.25',
        'Start 120 @90.25',
        'Stop 121.5 @91.75',
      ],
    ],
  ])('%s', (_, script, events) => {
    expect(played(script)).toEqual(events);
  });

  test('playback stops at the end of the clip, and what is left of the time passes', () => {
    expect(played('play 50s; speed 2; play 60s; seek 10; play 5s', 100)).toEqual([
      'Start 0 @0',
      'Stop 100 @75',
      'Start 10 @110',
      'Stop 20 @115',
    ]);
    expect(played('seek 500; play 5s; seek 0; play 1s', 100)).toEqual(['Start 0 @5', 'Stop 1 @6']);
    expect(played('seek 500; seek -10; play 5s', 100)).toEqual(['Start 90 @0', 'Stop 95 @5']);
  });
});

test('statements end at semicolons and lines; comments, tabs, CRLF and a BOM are fine', () => {
  const script = '\uFEFF# a listener\r\nplay\t30s ;; \n\n pause 5m # for coffee; seek 9\nseek   +30;play 1s;';
  expect(parseScript(script)).toEqual([
    { kind: 'play', clockMs: 30_000 },
    { kind: 'pause', clockMs: 300_000 },
    { kind: 'skip', byMs: 30_000 },
    { kind: 'play', clockMs: 1000 },
  ]);
});

test.each<[string, string]>([
  ['play 30s; pasue 5m', 'a.script:1:11: Expected one of play, pause, seek, speed, kill, received pasue'],
  [
    'play 30s\n  play fast',
    'a.script:2:3: Expected play with a duration, such as 30s, 5m, 1h30m or 0.5s, received play fast',
  ],
  [
    'play -5s',
    'a.script:1:1: Expected play with a duration, such as 30s, 5m, 1h30m or 0.5s, received play -5s',
  ],
  ['play', 'a.script:1:1: Expected play with a duration, such as 30s, 5m, 1h30m or 0.5s, received play'],
  [
    'play 1s; seek 1:99',
    'a.script:1:10: Expected seek with a position, such as 300, 5:00, +30 or -15, received seek 1:99',
  ],
  [
    'play 1s; speed 0',
    'a.script:1:10: Expected speed with a speed from 0.1 to 16, such as 1.5, received speed 0',
  ],
  ['play 1s; kill 9', 'a.script:1:10: Expected kill with nothing after it, received kill 9'],
  ['play 1s; kill; play 1s', 'a.script:1:16: Expected nothing after kill, received play 1s'],
  [
    'play 1e999',
    'a.script:1:1: Expected play with a duration, such as 30s, 5m, 1h30m or 0.5s, received play 1e999',
  ],
  [`play ${'9'.repeat(400)}`, 'a.script:1:1: Expected play with'],
  ['constructor 1', 'a.script:1:1: Expected one of play, pause, seek, speed, kill, received constructor'],
  ['# nothing\n', 'a.script: Expected at least one play, received a script without one'],
])('%s is refused with its place', (script, message) => {
  const parse = (): unknown => parseScript(script, 'a.script');
  expect(parse).toThrow(UserError);
  expect(parse).toThrow(message);
});

test('a simulation of a script plays it in every session', () => {
  const clips = [{ id: '7a4df1b1-1c20-4c77-9d2c-8f0f6a1f2a10', seconds: 40 }];
  const sessions = [
    ...simulate({ seed: 1, sessions: 20, clips, script: parseScript('play 30s; pause 5m; play 30s; kill') }),
  ];
  expect(sessions).toHaveLength(20);
  for (const { events, profile } of sessions) {
    const played = events.map((event) => event.played!);
    expect(profile).toBe('script');
    expect(played.map(({ type, position, seqNumber }) => [type, position, seqNumber])).toEqual([
      ['Start', 0, 1],
      ['Stop', 30, 2],
      ['Start', 30, 3],
      ['Stop', 40, 4],
    ]);
    const times = played.map(({ timestamp }) => timestamp - played[0]!.timestamp);
    for (const [k, wanted] of [0, 30, 330, 340].entries()) expect([wanted, wanted]).toContain(times[k]);
  }
});
