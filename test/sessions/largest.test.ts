import { tmpdir } from 'node:os';
import { describe, expect, it, onTestFinished } from 'vitest';
import { guidKey } from '../../src/domain/guid.js';
import { SessionGroups } from '../../src/sessions/groups.js';
import { inspectEvent } from '../../src/validate/event.js';
import { Found } from '../../src/validate/found.js';
import { SETTINGS } from '../rules/run.js';

const SESSION = 'A039F83D-1916-436b-a090-efbc08698506';
const place = { input: { index: 0, name: 'a' }, line: 1, column: 1, pointer: '', request: null };

function groupsOf(events: number, most: number, bytes: number): SessionGroups {
  const groups = new SessionGroups({ bytes, folder: tmpdir() }, most);
  onTestFinished(() => groups.close());
  for (let i = 1; i <= events; i += 1) {
    const value = { SessionId: SESSION, SeqNumber: i };
    const event = inspectEvent(
      { value, place, bare: true, locate: () => ({ line: 1, column: 1 }) },
      new Found(SETTINGS),
    );
    groups.add(guidKey(SESSION), { event, unnumbered: false, clipDuration: undefined, invalid: true });
  }
  return groups;
}

describe.each([
  ['in memory', 64 * 1024 * 1024],
  ['on disk', 10_000],
])('a session %s', (_where, bytes) => {
  it('may have as many events as may be held', () => {
    const [whole, ...more] = groupsOf(1500, 1500, bytes).sessions();
    expect(whole?.session.events.length).toBe(1500);
    expect(more).toEqual([]);
  });

  it('may have no more, also where it would only be counted', () => {
    expect(() => [...groupsOf(1501, 1500, bytes).rows(() => true)]).toThrow(
      expect.objectContaining({
        kind: 'data',
        message:
          'session a039f83d-1916-436b-a090-efbc08698506: expected at most 1,500 events, since a session is held whole, received more',
      }),
    );
  });
});
