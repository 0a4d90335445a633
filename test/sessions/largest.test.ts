import { expect, it } from 'vitest';
import { guidKey } from '../../src/domain/guid.js';
import { SessionGroups } from '../../src/sessions/groups.js';
import { inspectEvent } from '../../src/validate/event.js';
import { Found } from '../../src/validate/found.js';
import { SETTINGS } from '../rules/run.js';

const SESSION = 'A039F83D-1916-436b-a090-efbc08698506';
const place = { input: { index: 0, name: 'a' }, line: 1, column: 1, pointer: '', request: null };

function groupsOf(events: number, most: number): SessionGroups {
  const groups = new SessionGroups(undefined, most);
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

it('a session may have as many events as may be held, and not one more', () => {
  expect([...groupsOf(1500, 1500).sessions()].map(({ session }) => session.events.length)).toEqual([1500]);
  expect(() => [...groupsOf(1501, 1500).sessions()]).toThrow(
    /^session a039f83d-1916-436b-a090-efbc08698506 has 1,501 events: expected at most 1,500, since/,
  );
});
