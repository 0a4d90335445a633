// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts are code.
import { mutant } from './define.js';

const FIELD = 'Timestamp: Math.floor(time / 1000),';
const STOP = "emit('Stop', steady ? time : since + (heard / speed) * 1000)";
const NOW = 'const time = Date.now();';
const JSON_TEXT = '`{"Source":"${Source}","Events":[${Object.values(kept)}],"Completed":true}`';

/** When it was, and how events are numbered. */
export const CLOCK = [
  mutant('ms-stamps', 'Reports Timestamps in milliseconds.', FIELD, 'Timestamp: time,'),
  mutant('fractions', 'Reports Timestamps with fractions.', FIELD, 'Timestamp: time / 1000,'),
  mutant('text-stamps', 'Reports Timestamps as texts.', FIELD, 'Timestamp: String(Math.floor(time / 1000)),'),
  mutant('iso-stamps', 'Reports Timestamps as dates.', FIELD, "Timestamp: '2025-11-04T04:01:11Z',"),
  mutant('minutes-stamps', 'Reports Timestamps in minutes.', FIELD, 'Timestamp: Math.floor(time / 60000),'),
  mutant('ceiling', 'Rounds Timestamps up.', FIELD, 'Timestamp: Math.ceil(time / 1000),'),
  mutant('rounded-stamps', 'Rounds Timestamps.', FIELD, 'Timestamp: Math.round(time / 1000),'),
  mutant(
    'cut-to-minutes',
    'Cuts Timestamps to whole minutes.',
    FIELD,
    'Timestamp: Math.floor(time / 60000) * 60,',
  ),
  mutant(
    'zone-ahead',
    'Adds the offset of the time zone: 2 h ahead.',
    FIELD,
    'Timestamp: Math.floor(time / 1000) + 7200,',
  ),
  mutant(
    'zone-behind',
    'Takes off the offset of the time zone: 5 h behind.',
    FIELD,
    'Timestamp: Math.floor(time / 1000) - 18000,',
  ),
  mutant(
    'epoch-2000',
    'Counts Timestamps from the year 2000.',
    FIELD,
    'Timestamp: Math.floor(time / 1000) - 946684800,',
  ),
  mutant(
    'since-load',
    'Reports the time since the page was loaded.',
    'let wait = 0;',
    'const loaded = Date.now();\nlet wait = 0;',
    FIELD,
    'Timestamp: Math.floor((time - loaded) / 1000),',
  ),
  mutant(
    'since-start',
    'Reports the time since the session began.',
    'let since = 0; // its time',
    'let since = 0; // its time\n  let first = 0;',
    FIELD,
    'Timestamp: Math.floor((time - (first ||= time)) / 1000),',
  ),
  mutant('position-as-stamp', 'Reports the position as the Timestamp.', FIELD, 'Timestamp: Math.floor(at),'),
  mutant('stamp-0', 'Leaves Timestamps at 0.', FIELD, 'Timestamp: 0,'),
  mutant('no-stamp', 'Leaves Timestamp out.', FIELD, ''),
  mutant(
    'at-load',
    'Takes all Timestamps when the page is loaded.',
    'let wait = 0;',
    'const loaded = Date.now();\nlet wait = 0;',
    NOW,
    'const time = loaded;',
  ),
  mutant(
    'at-load-field',
    'Writes the time at which the page was loaded into each event.',
    'let wait = 0;',
    'const loaded = Date.now();\nlet wait = 0;',
    FIELD,
    'Timestamp: Math.floor(loaded / 1000),',
  ),
  mutant(
    'at-session-start',
    'Writes the time of the first Start into each event.',
    'let since = 0; // its time',
    'let since = 0; // its time\n  let first = 0;',
    FIELD,
    'Timestamp: Math.floor((first ||= time) / 1000),',
  ),
  mutant(
    'at-flush',
    'Takes all Timestamps when it sends.',
    JSON_TEXT,
    `${JSON_TEXT}.replace(/"Timestamp":\\d+/g, () => '"Timestamp":' + Math.floor(Date.now() / 1000))`,
  ),
  mutant(
    'stop-at-flush',
    'Takes the Timestamp of each last Stop when it sends.',
    JSON_TEXT,
    `\`{"Source":"\${Source}","Events":[\${Object.values(kept).map((text) => text.replace(/\\d+}$/, Math.floor(Date.now() / 1000) + '}'))}],"Completed":true}\``,
  ),
  mutant(
    'at-session-end',
    'Takes all Timestamps when the session ends.',
    'const kept = { [key]: JSON.stringify(events)',
    'const kept = { [key]: JSON.stringify(over ? events.map((event) => ({ ...event, Timestamp: Math.floor(time / 1000) })) : events)',
  ),
  mutant(
    'stop-as-start',
    'Gives a Stop the Timestamp of the Start before it.',
    'let since = 0; // its time',
    'let since = 0; // its time\n  let started = 0;',
    FIELD,
    "Timestamp: Math.floor((Type === 'Start' ? (started = time) : started) / 1000),",
  ),
  mutant('stop-now', 'Gives a Stop before sleep the time after it.', STOP, "emit('Stop', time)"),
  mutant('stop-before', 'Gives each Stop the time of the last timeupdate.', STOP, "emit('Stop', since)"),
  mutant('since-not-set', 'Does not remember when audio was last looked at.', '    since = time;\n', ''),
  mutant('speed-not-set', 'Does not remember the speed.', '    speed = rate;\n', ''),
  mutant(
    'stamps-reversed',
    'Stamps events backwards from their end.',
    'const kept = { [key]: JSON.stringify(events)',
    'const stamps = events.map((event) => event.Timestamp).reverse();\n    const kept = { [key]: JSON.stringify(events.map((event, i) => ({ ...event, Timestamp: stamps[i] })))',
  ),
];

const SEQ = 'SeqNumber: events.length + 1,';

export const NUMBERS = [
  mutant('from-0', 'Counts events from 0.', SEQ, 'SeqNumber: events.length,'),
  mutant('from-2', 'Counts events from 2.', SEQ, 'SeqNumber: events.length + 2,'),
  mutant('always-1', 'Gives each event SeqNumber 1.', SEQ, 'SeqNumber: 1,'),
  mutant('by-2', 'Counts by 2.', SEQ, 'SeqNumber: events.length * 2 + 1,'),
  mutant(
    'per-type',
    'Counts Starts and Stops each by themselves.',
    SEQ,
    'SeqNumber: events.filter((event) => event.Type === Type).length + 1,',
  ),
  mutant('per-interval', 'Counts from 1 again at each Start.', SEQ, 'SeqNumber: (events.length % 2) + 1,'),
  mutant('text-numbers', 'Writes SeqNumbers as texts.', SEQ, 'SeqNumber: String(events.length + 1),'),
  mutant('by-time', 'Writes the time as the SeqNumber.', SEQ, 'SeqNumber: Math.floor(time),'),
  mutant('fraction-numbers', 'Counts in halves.', SEQ, 'SeqNumber: (events.length + 1) / 2,'),
  mutant('no-number', 'Leaves SeqNumber out.', SEQ, ''),
  mutant(
    'other-name',
    'Writes SequenceNumber in place of SeqNumber.',
    SEQ,
    'SequenceNumber: events.length + 1,',
  ),
  mutant(
    'counter-kept',
    'Goes on counting in the next session.',
    'let wait = 0;',
    'let wait = 0;\nlet sent = 0;',
    SEQ,
    'SeqNumber: sent + events.length + 1,',
    "send(kept, type === 'pagehide');",
    "send(kept, type === 'pagehide');\n      sent += events.length;",
  ),
  mutant(
    'counter-per-page',
    'Counts each call over all sessions of the page.',
    'let wait = 0;',
    'let wait = 0;\nlet count = 0;',
    SEQ,
    'SeqNumber: ++count,',
  ),
  mutant(
    'tentative-counted',
    'Counts the Stops that it only keeps in case of a kill.',
    'let speed = 1;',
    'let speed = 1;\n  let count = 0;',
    SEQ,
    'SeqNumber: ++count,',
  ),
  mutant(
    'last-number-twice',
    'Gives the last Stop the SeqNumber of the event before.',
    'const kept = { [key]: JSON.stringify(events)',
    'const kept = { [key]: JSON.stringify(events.map((event, i) => (i > 0 && i === events.length - 1 ? { ...event, SeqNumber: i } : event)))',
  ),
  mutant(
    'seq-down',
    'Counts down.',
    'const kept = { [key]: JSON.stringify(events)',
    'const kept = { [key]: JSON.stringify(events.map((event, i) => ({ ...event, SeqNumber: events.length - i })))',
  ),
  mutant(
    'array-reversed',
    'Writes the newest event first.',
    'JSON.stringify(events).slice',
    'JSON.stringify([...events].reverse()).slice',
  ),
];
