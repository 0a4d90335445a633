import { describe, expect, it } from 'vitest';
import { fixedOf, valuesOf } from './mending.js';

const ORGANIZATION = '126281f8-200e-4c9f-8378-a4870055423b';
const CLIP = '9b5c82f7-74cf-4841-a870-a670017cc8eb';
const SESSION = 'a039f83d-1916-436b-a090-efbc08698506';
const START = 1_540_270_724;

type Event = Readonly<Record<string, unknown>>;

/** Two intervals, of 60 and of 30 seconds, each value in its own unit. */
function session(change: (event: Event, i: number) => Event = (event) => event): Event[] {
  const moments = [
    ['Start', 0, 0],
    ['Stop', 60, 60],
    ['Start', 300, 61],
    ['Stop', 330.5, 91],
  ] as const;
  return moments.map(([Type, Position, seconds], i) =>
    change(
      {
        OrganizationId: ORGANIZATION,
        ClipId: CLIP,
        SessionId: SESSION,
        Type,
        Position,
        SeqNumber: i + 1,
        Timestamp: START + seconds,
      },
      i,
    ),
  );
}

const SOUND = session();

/** A session with other values in some events. */
function changed(...changes: readonly (Event | undefined)[]): Event[] {
  return session((event, i) => ({ ...event, ...changes[i] }));
}

const body = (events: readonly Event[], more: Event = {}): Event => ({
  Source: 'Custom',
  Events: events,
  Completed: true,
  ...more,
});

async function fix(values: readonly unknown[], closeOpen = false) {
  const { text, changes, fixer } = await fixedOf(values, closeOpen);
  return {
    events: valuesOf(text),
    rules: [...new Set(changes.map(({ rule }) => rule))],
    keptFor: [...fixer.keptFor.keys()],
    changes,
    fixer,
  };
}

describe('fixed is', () => {
  it.each([
    [
      'a field in lower case',
      session(({ Timestamp, ...event }) => ({ ...event, timestamp: Timestamp })),
      'missing-field',
    ],
    [
      'an id that no event has as it should',
      session(({ SessionId, ...event }) => ({ ...event, sessionID: SessionId })),
      'missing-field',
    ],
    ['a Type in capitals', changed({ Type: 'START' }), 'type-unknown'],
    [
      'a field in snake_case',
      session(({ ClipId, SeqNumber, ...event }) => ({ ...event, clip_id: ClipId, 'SEQ-NUMBER': SeqNumber })),
      'missing-field',
    ],
    [
      'numbers as text',
      session((event) => ({
        ...event,
        Position: String(event.Position),
        SeqNumber: ` ${String(event.SeqNumber)}.0`,
        Timestamp: `${Number(event.Timestamp) / 1e9}E9`,
      })),
      'field-type',
    ],
    [
      'times with their offset',
      session((event, i) => ({
        ...event,
        Timestamp: new Date(Number(event.Timestamp) * 1000 + 7_200_999)
          .toISOString()
          .replace('Z', i === 0 ? '+0200' : '+02:00'),
      })),
      'field-type',
    ],
    [
      'ids in braces, without dashes, and as a URN',
      session((event) => ({
        ...event,
        SessionId: `{${SESSION}}`,
        ClipId: CLIP.replaceAll('-', ''),
        OrganizationId: `urn:uuid:${ORGANIZATION}`,
      })),
      'guid-format',
    ],
    ['an event that stands twice', [...SOUND, SOUND[1]], 'seq-duplicate'],
    [
      'one whose ids and order of names differ',
      [
        ...SOUND,
        Object.fromEntries(Object.entries({ ...SOUND[1], SessionId: SESSION.toUpperCase() }).toReversed()),
      ],
      'seq-duplicate',
    ],
    ['a counter from 0', session((event, i) => ({ ...event, SeqNumber: i })), 'seq-range'],
    [
      'times in milliseconds',
      session((event) => ({ ...event, Timestamp: Number(event.Timestamp) * 1000 + 999 })),
      'timestamp-unit',
    ],
    ['a Position just before the beginning', changed({ Position: -0.25 }), 'position-range'],
  ])('%s', async (_, events, rule) => {
    const { events: written, rules, keptFor } = await fix(events);
    expect(written.map((event) => ({ ...event, SessionId: SESSION }))).toEqual(
      SOUND.map((event) => expect.objectContaining(event)),
    );
    expect({ rules, keptFor }).toEqual({ rules: [rule], keptFor: [] });
  });

  it('positions in milliseconds, where two sessions have them', async () => {
    const inMs = (id: string) =>
      session((event) => ({ ...event, SessionId: id, Position: Number(event.Position) * 1000 }));
    const ids = [SESSION, SESSION.replace('a', 'b'), SESSION.replace('a', 'c')];
    const { events, rules, fixer } = await fix(ids.flatMap(inMs));
    expect(events).toEqual(ids.flatMap((id) => session((event) => ({ ...event, SessionId: id }))));
    expect([rules, fixer.sessions, fixer.oneInMilliseconds]).toEqual([['position-unit'], 3, false]);
  });

  it('positions in milliseconds of one session, where the clip’s duration shows it', async () => {
    const row = ({ OrganizationId, ClipId, SessionId, Type, Position, SeqNumber, Timestamp }: Event) =>
      [OrganizationId, ClipId, SessionId, Type, Position, SeqNumber, Timestamp, 400].join(',');
    const others = Array.from({ length: 20 }, (_, i) =>
      session((event) => ({ ...event, SessionId: SESSION.replace(/..$/, `${10 + i}`) })),
    );
    const inMs = session((event) => ({ ...event, Position: Number(event.Position) * 1000 }));
    const header = `${Object.keys(SOUND[0]!).join(',')},ClipDuration`;
    const { text, changes } = await fixedOf(
      [header, ...[...others.flat(), ...inMs].map(row)],
      false,
      undefined,
      'x.csv',
    );
    expect(valuesOf(text)).toEqual([...others.flat(), ...SOUND]);
    expect(changes).toHaveLength(3);
  });

  it('a body’s property in lower case', async () => {
    const { Source, Events, Completed } = body(SOUND);
    const { events, rules } = await fix([{ source: Source, events: Events, completed: Completed }]);
    expect(events).toEqual(SOUND.map((event) => ({ ...event, Source: 'Custom' })));
    expect(rules).toEqual(['request-shape']);
  });

  it('an open session, where it is asked for, by a Stop where its last Start stands', async () => {
    const open = SOUND.slice(0, 3);
    expect((await fix(open)).rules).toEqual([]);
    const { events, changes } = await fix(open, true);
    const stop = { ...open[2], Type: 'Stop', SeqNumber: 4 };
    expect(events).toEqual([...open, stop]);
    expect(changes).toEqual([
      {
        rule: 'session-open',
        what: 'Stop added',
        place: expect.objectContaining({ line: 3 }),
        sessionId: SESSION,
        before: null,
        after: stop,
      },
    ]);
  });
});

describe('left as it stands is', () => {
  it.each<[string, Event[], string[]]>([
    ['a field of two spellings', session(({ Type, ...event }) => ({ ...event, type: Type, TYPE: Type })), []],
    ['a field beside the right one', changed({ timestamp: 1 }), []],
    ['another Type', changed({ Type: 'play' }), []],
    [
      'a field of two spellings in snake_case',
      session(({ ClipId, ...event }) => ({ ...event, clip_id: ClipId, clipId: ClipId })),
      [],
    ],
    ['a number with a unit', changed({ Position: '0 s' }), []],
    ['a number of which digits are lost', changed({ Timestamp: '1.54E+09' }), []],
    ['more digits than a number holds', changed({ Position: '0.1234567890123456' }), []],
    ['a clock', changed({ Position: '0:00' }), []],
    ['a time without its offset', changed({ Timestamp: '2018-10-23T04:58:44' }), []],
    ['a date', changed({ Timestamp: '2018-10-23' }), []],
    ['an id that is no GUID', changed({ ClipId: 'episode-1' }), []],
    ['half a second as text', changed({ Timestamp: `${START}.5` }), ['timestamp-fraction']],
    ['an empty id without dashes', changed({ ClipId: '0'.repeat(32) }), ['guid-empty']],
    [
      'a number that stands twice with other values',
      changed(undefined, undefined, undefined, { SeqNumber: 3 }),
      [],
    ],
    ['a counter from 0 with a gap', changed({ SeqNumber: 0 }, { SeqNumber: 1 }, { SeqNumber: 3 }), []],
    [
      'a counter from 0 with a number twice',
      changed({ SeqNumber: 0 }, { SeqNumber: 1 }, { SeqNumber: 1 }, { SeqNumber: 2 }),
      [],
    ],
    ['a Position a second before the beginning and more', changed({ Position: -1.001 }), []],
    [
      'a Position a second before the beginning beside another',
      changed({ Position: -1 }, undefined, { Position: -2 }),
      ['position-range'],
    ],
    ['a counter from -1', session((event, i) => ({ ...event, SeqNumber: i - 1 })), []],
    ['a counter from 5', session((event, i) => ({ ...event, SeqNumber: i + 5 })), []],
    ['one time in milliseconds', changed({ Timestamp: START * 1000 }), []],
    [
      'times in microseconds',
      session((event) => ({ ...event, Timestamp: Number(event.Timestamp) * 1e6 })),
      [],
    ],
    [
      'milliseconds since the page was loaded',
      session((event, i) => ({ ...event, Timestamp: i * 60_000 })),
      [],
    ],
    ['milliseconds of 1970', session((event, i) => ({ ...event, Timestamp: 2e11 + i * 60_000 })), []],
    [
      'milliseconds of the future',
      session((event, i) => ({ ...event, Timestamp: 1_900_000_000_000 + i * 60_000 })),
      [],
    ],
    [
      'positions ten times too large',
      session((event) => ({ ...event, Position: Number(event.Position) * 10 })),
      [],
    ],
    [
      'a field in lower case, and another that is absent',
      session(({ Timestamp, ClipId, ...event }) => ({ ...event, timestamp: Timestamp, Clip: ClipId })),
      ['missing-field'],
    ],
    [
      'times in milliseconds that run back',
      session((event, i) => ({ ...event, Timestamp: (START - i * 100) * 1000 })),
      ['timestamp-reversed'],
    ],
    [
      'a counter from 0 that counts a Stop first',
      changed(
        { SeqNumber: 0, Type: 'Stop' },
        { SeqNumber: 1, Type: 'Start', Position: 60 },
        { SeqNumber: 2, Type: 'Stop', Position: 70 },
        { SeqNumber: 3 },
      ),
      ['stop-without-start'],
    ],
  ])('%s', async (_, events, keptFor) => {
    const { events: written, changes, keptFor: why } = await fix(events);
    const byText = (all: readonly Event[]) => all.map((event) => JSON.stringify(event)).toSorted();
    expect(byText(written)).toEqual(byText(events));
    expect({ changes, why }).toEqual({ changes: [], why: expect.arrayContaining(keptFor) });
    if (keptFor.length === 0) expect(why).toEqual([]);
  });

  it('an event that only JSON would write like another', async () => {
    const [first = {}, ...rest] = SOUND;
    const text = JSON.stringify({ ...first, Position: null });
    const { events, changes } = await fix([text, text.replace('null', '1e999'), ...rest]);
    expect(events).toHaveLength(5);
    expect(changes).toEqual([]);
  });

  it('positions in milliseconds of one session: a seek that was not reported looks the same', async () => {
    const events = session((event) => ({ ...event, Position: Number(event.Position) * 1000 }));
    const { events: written, changes, fixer } = await fix(events);
    expect(written).toEqual(events);
    expect([changes, fixer.oneInMilliseconds]).toEqual([[], true]);
  });
});

describe('a session in several requests', () => {
  const counted = session((event, i) => ({ ...event, SeqNumber: i }));

  it('is counted on where its first part was counted from 0', async () => {
    const { events } = await fix([body(counted.slice(0, 2)), body(counted.slice(2))]);
    expect(events).toEqual(SOUND.map((event) => ({ ...event, Source: 'Custom' })));
  });

  it('is written once where a request was sent again, and with what a later one held more', async () => {
    const { events, changes, fixer } = await fix([
      body(counted.slice(0, 2)),
      body(counted.slice(0, 2)),
      body(counted),
    ]);
    expect(events).toEqual(SOUND.map((event) => ({ ...event, Source: 'Custom' })));
    expect(changes.filter(({ rule }) => rule === 'seq-duplicate')).toHaveLength(4);
    expect(fixer.sessions).toBe(1);
  });

  it('is fixed as one: what one part alone would be given does not fit the whole', async () => {
    const inMs = session((event) => ({ ...event, Timestamp: Number(event.Timestamp) * 1000 }));
    const parts = [body(inMs.slice(0, 2)), body(SOUND.slice(2))];
    const { events } = await fix(parts);
    expect(events).toEqual(
      [...inMs.slice(0, 2), ...SOUND.slice(2)].map((event) => ({ ...event, Source: 'Custom' })),
    );
    expect((await fix(events)).changes).toEqual([]);
  });

  it.each([[1], [3]])('is not closed where it goes on after %i events', async (cut) => {
    const { events, rules } = await fix([body(SOUND.slice(0, cut)), body(SOUND.slice(cut))], true);
    expect(events).toEqual(SOUND.map((event) => ({ ...event, Source: 'Custom' })));
    expect(rules).toEqual([]);
  });

  it('is closed where it does not go on', async () => {
    const other = SOUND.map((event) => ({ ...event, SessionId: CLIP.replace('9', '8') }));
    const lower = session(({ Type, ...event }) => ({ ...event, type: Type })).slice(0, 3);
    const { events, rules, fixer } = await fix([body(lower), body(other)], true);
    expect(events.map(({ SeqNumber }) => SeqNumber)).toEqual([1, 2, 3, 4, 1, 2, 3, 4]);
    expect(events[3]).toEqual({ ...SOUND[2], Type: 'Stop', SeqNumber: 4, Source: 'Custom' });
    expect(rules).toEqual(['missing-field', 'session-open']);
    expect(fixer.sessions).toBe(1);
  });
});
