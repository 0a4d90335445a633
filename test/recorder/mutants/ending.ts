import { mutant } from './define.js';

const KEPT = 'const kept = { [key]: JSON.stringify(events)';
const SEND = "send(kept, type === 'pagehide');";
const SAVE = '} else save(kept);';
const LIVE = "return moved ? emit('Stop', time) : events;";
const STOP = "        events = emit('Stop', steady ? time : since + (heard / speed) * 1000);\n";
const START = "      events = emit('Start', time);\n";
const NEXT = "    on({ type: 'ended' });\n";

/** Starts, Stops, and the end of a session. */
export const ENDING = [
  mutant('next-keeps', 'Keeps the session when the next clip is chosen.', NEXT, ''),
  mutant(
    'ended-keeps',
    'Sends a session at its end, and then continues the same session.',
    '      note = undefined;\n',
    '',
  ),
  mutant('over-not-sent', 'Ends a session without sending it.', SEND, ''),
  mutant(
    'over-saved',
    'Keeps a session at its end, and leaves sending to the next page.',
    SEND,
    'save(kept);',
  ),
  mutant(
    'sent-at-pause',
    'Sends a session at each pause, and then continues the same session.',
    SAVE,
    "} else if (type === 'pause') send(kept);\n    else save(kept);",
  ),
  mutant(
    'sent-at-tick',
    'Sends a session at each timeupdate, and then continues the same session.',
    SAVE,
    "} else if (type === 'timeupdate' && time % 4 < 1) send(kept);",
  ),
  mutant(
    'sent-when-hidden',
    'Sends a session when its page is hidden, and then continues the same session.',
    "addEventListener('pagehide', on, gone);",
    "addEventListener('pagehide', on, gone);\n  addEventListener('visibilitychange', () => note && send({ [key]: JSON.stringify(note(true, audio.currentTime, audio.playbackRate, Date.now())).slice(1, -1) }));",
  ),
  mutant(
    'sent-at-start',
    'Sends each Start at once, in a request of its own.',
    SAVE,
    `} else if (type === 'playing') send({ [key]: JSON.stringify(events.slice(-2, -1)).slice(1, -1) });\n    else save(kept);`,
  ),
  mutant(
    'event-by-event',
    'Sends each event in a request of its own.',
    SEND,
    'for (const event of events) send({ [key]: JSON.stringify(event) });',
  ),
  mutant(
    'interval-by-interval',
    'Sends each Start and Stop in a request of their own.',
    SEND,
    'for (let i = 0; i < events.length; i += 2) send({ [key]: JSON.stringify(events.slice(i, i + 2)).slice(1, -1) });',
  ),
  mutant('split-at-2', 'Begins another session at each pause.', 'events.length > 199', 'events.length > 1'),
  mutant(
    'split-at-20',
    'Begins another session at the pause after 20 events.',
    'events.length > 199',
    'events.length > 19',
  ),
  mutant('never-split', 'Never divides a long session.', ' || (events.length > 199 && !moves)', ''),
  mutant(
    'no-last-stop',
    'Leaves out the last Stop.',
    KEPT,
    'const kept = { [key]: JSON.stringify(over ? events.slice(0, -1) : events)',
  ),
  mutant(
    'no-stop-on-ended',
    'Leaves out the Stop when the clip ends by itself.',
    KEPT,
    "const kept = { [key]: JSON.stringify(type === 'ended' && audio.ended ? events.slice(0, -1) : events)",
  ),
  mutant(
    'no-stop-on-pagehide',
    'Leaves out the Stop when the page is left.',
    KEPT,
    "const kept = { [key]: JSON.stringify(type === 'pagehide' ? events.slice(0, -1) : events)",
  ),
  mutant(
    'no-first-start',
    'Leaves out the first Start.',
    KEPT,
    'const kept = { [key]: JSON.stringify(events.slice(1))',
  ),
  mutant(
    'first-event-renumbered',
    'Leaves out the first Start, and counts from the Stop.',
    KEPT,
    'const kept = { [key]: JSON.stringify(events.slice(1).map((event, i) => ({ ...event, SeqNumber: i + 1 })))',
  ),
  mutant(
    'last-stop-twice',
    'Reports the last Stop twice.',
    KEPT,
    'const kept = { [key]: JSON.stringify(over ? [...events, { ...events.at(-1), SeqNumber: events.length + 1 }] : events)',
  ),
  mutant('stop-twice', 'Reports each Stop twice.', STOP, `${STOP}${STOP}`),
  mutant('start-twice', 'Reports each Start twice.', START, `${START}${START}`),
  mutant('stops-only-last', 'Reports no Stop but the last.', STOP, ''),
  mutant(
    'starts-only-first',
    'Reports no Start but the first.',
    START,
    "      if (!events.length) events = emit('Start', time);\n",
  ),
  mutant(
    'one-interval',
    'Reports the first Start and the last Stop alone.',
    KEPT,
    'const kept = { [key]: JSON.stringify(events.length > 2 ? [events[0], { ...events.at(-1), SeqNumber: 2 }] : events)',
  ),
  mutant(
    'first-interval',
    'Reports nothing behind the first Stop.',
    KEPT,
    'const kept = { [key]: JSON.stringify(events.slice(0, 2))',
  ),
  mutant(
    'last-interval',
    'Forgets what was before the last Start.',
    KEPT,
    'const kept = { [key]: JSON.stringify(events.slice(-2))',
  ),
  mutant(
    'last-interval-numbered',
    'Forgets what was before the last Start, and counts from it.',
    KEPT,
    'const kept = { [key]: JSON.stringify(events.slice(-2).map((event, i) => ({ ...event, SeqNumber: i + 1 })))',
  ),
  mutant(
    'stop-added-each-tick',
    'Adds a Stop at each timeupdate.',
    LIVE,
    "return moved ? (events = emit('Stop', time)) : events;",
  ),
  mutant('kept-without-stop', 'Keeps a session that still plays without a Stop.', LIVE, 'return events;'),
  mutant(
    'pings',
    'Reports a Start at each timeupdate.',
    LIVE,
    "return moved ? (events = emit('Start', time)) : events;",
  ),
  mutant(
    'stop-behind',
    'Carries the last Stop over to the next session.',
    'let wait = 0;',
    'let wait = 0;\nlet late = [];',
    KEPT,
    'const all = [...late, ...events];\n    if (over) late = events.slice(-1);\n    const kept = { [key]: JSON.stringify(over ? all.slice(0, -1) : all)',
  ),
  mutant(
    'stop-in-next',
    'Repeats the last Stop of a session at the beginning of the next.',
    'let wait = 0;',
    'let wait = 0;\nlet late = [];',
    KEPT,
    'const all = [...late, ...events].map((event, i) => ({ ...event, SessionId: key.slice(-36), ClipId, SeqNumber: i + 1 }));\n    if (over) late = events.slice(-1);\n    const kept = { [key]: JSON.stringify(all)',
  ),
  mutant(
    'events-kept',
    'Keeps the events of earlier sessions in its list.',
    'function begin(ids) {\n  let events = [];',
    'let events = [];\nfunction begin(ids) {',
  ),
  mutant(
    'state-kept',
    'Keeps whether audio moved from the session before.',
    'function begin(ids) {\n  let events = [];\n  let moved = false;',
    'let moved = false;\nfunction begin(ids) {\n  let events = [];',
  ),
  mutant(
    'place-kept',
    'Keeps where audio was from the session before.',
    '  let at = 0; // last position\n',
    '',
    'function begin(ids) {',
    'let at = 0;\nfunction begin(ids) {',
    '      at = position;\n',
    '',
  ),
];

const DELETE = '    for (const key in kept) delete disk[key];\n';
const FIT = '          if (room > 0) kept[key] = json;\n          else if (room < -1e6) delete disk[key];\n';
const MINE = 'key.startsWith(url + Source) && ';
const HELD = ' && !held.some(({ name }) => name === key)';
const LOCK = 'locks?.request(key, () => new Promise((done) => (free = done)));';

/** What is kept in the storage, and taken from there. */
export const QUEUE = [
  mutant('nothing-saved', 'Keeps nothing while it plays.', ' else save(kept);', ''),
  mutant(
    'saved-at-pause',
    'Keeps a session at pauses alone.',
    'else save(kept)',
    "else if (type === 'pause') save(kept)",
  ),
  mutant(
    'in-memory',
    'Keeps sessions in memory, not in the storage.',
    'disk = localStorage || {};',
    'disk = {};',
  ),
  mutant('save-fails', 'Never writes to the storage.', '      Object.assign(disk, kept);\n', ''),
  mutant('not-deleted', 'Does not take what it sends out of the storage.', DELETE, ''),
  mutant(
    'all-deleted',
    'Empties the storage when it sends.',
    DELETE,
    '    for (const key in disk) delete disk[key];\n',
  ),
  mutant('deleted-at-flush', 'Deletes what does not fit into one request.', ' if (room < -1e6)', ''),
  mutant(
    'no-limit',
    'Sends all that is kept in one request, however large.',
    FIT,
    '          kept[key] = json;\n',
  ),
  mutant(
    'limit-600',
    'Takes 600 KB for what a request may hold.',
    'let room = 6e4;',
    'let room = 6e5;',
    'room < 6e4',
    'room < 6e5',
  ),
  mutant(
    'limit-6',
    'Takes 6 KB for what a request may hold.',
    'let room = 6e4;',
    'let room = 6e3;',
    'room < 6e4',
    'room < 6e3',
  ),
  mutant(
    'one-key',
    'Has one place in the storage for all sessions.',
    'key = url + Source + SessionId;',
    'key = url + Source;',
  ),
  mutant(
    'key-of-clip',
    'Has one place in the storage for each clip.',
    'key = url + Source + SessionId;',
    'key = url + Source + ClipId;',
  ),
  mutant('any-key', 'Sends all that a site has in its storage.', MINE, ''),
  mutant(
    'other-prefix',
    'Looks for kept sessions under another name.',
    MINE,
    "key.startsWith(url + Source + ' ') && ",
  ),
  mutant('live-sent', 'Sends sessions that still play, of this page and of other tabs.', HELD, ''),
  mutant('only-held', 'Sends sessions that still play, and no others.', '!held.some', 'held.some'),
  mutant('no-lock', 'Takes no lock, so that other tabs send what it plays.', LOCK, ''),
  mutant('lock-let-go', 'Lets its lock go at once.', '(done) => (free = done)', '(done) => done()'),
  mutant(
    'lock-other-name',
    'Takes its lock under another name.',
    'locks?.request(key,',
    'locks?.request(SessionId,',
  ),
  mutant('lock-kept', 'Never lets its lock go.', '      free();\n', ''),
  mutant(
    'flush-no-lock',
    'Lets two tabs send the same at once.',
    'locks?.request(url, async () => {',
    '(async () => {',
    '      if (room < 6e4) await send(kept);\n    });',
    '      if (room < 6e4) await send(kept);\n    })();',
  ),
  mutant(
    'flush-not-awaited',
    'Does not wait for its request before the next begins.',
    'await send(kept);',
    'send(kept);',
  ),
  mutant(
    'flush-first-only',
    'Sends the first that is kept, and forgets the others.',
    FIT,
    '          if (room > 0 && !Object.keys(kept).length) kept[key] = json;\n          else delete disk[key];\n',
  ),
  mutant(
    'flush-appends',
    'Sends what is kept and what it sent before.',
    'const kept = {};\n      let room',
    'const kept = (audio.all ??= {});\n      let room',
  ),
  mutant(
    'array-of-array',
    'Keeps the list of events with its brackets.',
    'JSON.stringify(events).slice(1, -1)',
    'JSON.stringify(events)',
  ),
  mutant(
    'brackets-cut-twice',
    'Cuts two characters off each end of the list.',
    '.slice(1, -1) };',
    '.slice(2, -2) };',
  ),
  mutant(
    'events-merged',
    'Keeps each event again with each save.',
    'Object.assign(disk, kept);',
    "for (const each in kept) disk[each] = disk[each] ? disk[each] + ',' + kept[each] : kept[each];",
  ),
];
