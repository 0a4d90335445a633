// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts are code.
import { mutant } from './define.js';

const ONLINE = 'navigator.onLine && ';
const WAITED = ' && Date.now() >= wait';
const BEACON = 'if (navigator.sendBeacon(url, body)) return;';
const TRY_LATER = 'answer.status !== 429 && answer.status !== 503';
const OFF = String.raw`if (/"Enabled":\s*false/.test(await answer.text().catch(String))) wait = Infinity;`;
const ON_TEXT = String.raw`/"Enabled":\s*false/.test`;
const WAIT = '          wait = Date.now() + 6e4;\n';
const KEEP = 'if (wait < Infinity) save(kept);';
const AGAIN = '    setTimeout(flush, 6e4);\n';
const NEXT = 'return flush();';
const SEND = "send(kept, type === 'pagehide');";
const FIT = 'if (room > 0) kept[key] = json;';
const FLUSH_SEND = 'await send(kept);';

/** How requests leave, and what is made of their answers. */
export const SENDING = [
  mutant('queue-twice', 'Sends each session twice.', SEND, `${SEND}\n      ${SEND}`),
  mutant(
    'beacon-and-fetch',
    'Sends with a beacon and with fetch when a page is left.',
    BEACON,
    "navigator.sendBeacon(url, body);\n          fetch(url, { method: 'POST', keepalive: true, body });\n          return;",
  ),
  mutant(
    'beacon-and-kept',
    'Keeps what it has sent with a beacon.',
    BEACON,
    'navigator.sendBeacon(url, body);',
  ),
  mutant(
    'beacon-always',
    'Sends with beacons alone, and never sees an answer.',
    SEND,
    'send(kept, true);',
    FLUSH_SEND,
    'await send(kept, true);',
  ),
  mutant('beacon-at-end', 'Sends with a beacon at the end of each session.', SEND, 'send(kept, true);'),
  mutant('fetch-at-leave', 'Sends with fetch when a page is left.', SEND, 'send(kept);'),
  mutant(
    'nothing-at-leave',
    'Sends nothing when a page is left, and keeps nothing.',
    SEND,
    "if (type !== 'pagehide') send(kept);",
  ),
  mutant('saved-at-leave', 'Keeps a session when its page is left, and does not send it.', BEACON, ''),
  mutant(
    'beacon-unsure',
    'Does not look whether the beacon was taken.',
    BEACON,
    'navigator.sendBeacon(url, body);\n          return;',
  ),
  mutant('offline-sends', 'Does not look whether there is a network.', ONLINE, ''),
  mutant(
    'offline-forgets',
    'Forgets what ends without a network.',
    'if (navigator.onLine && Date.now() >= wait) {',
    'if (!navigator.onLine) return;\n      if (Date.now() >= wait) {',
  ),
  mutant('wait-ignored', 'Does not keep to the time that it has to wait.', WAITED, ''),
  mutant(
    'no-online',
    'Does not send when the network is there again.',
    "  addEventListener('online', flush, gone);\n",
    '',
  ),
  mutant(
    'no-flush-at-load',
    'Does not send what earlier pages left.',
    '  flush();\n  return (id',
    '  return (id',
  ),
  mutant('503-delivered', 'Takes 503 for delivered.', TRY_LATER, 'answer.status !== 429'),
  mutant('429-delivered', 'Takes 429 for delivered.', TRY_LATER, 'answer.status !== 503'),
  mutant('all-delivered', 'Takes any answer for delivered.', TRY_LATER, 'true'),
  mutant('ok-alone', 'Sends again after any answer but 2xx.', TRY_LATER, 'answer.ok'),
  mutant('never-delivered', 'Takes no answer for delivered.', TRY_LATER, 'false'),
  mutant('201-alone', 'Waits for status 201.', TRY_LATER, 'answer.status === 201'),
  mutant(
    'redelivered-once',
    'Sends each session once more after it was delivered.',
    NEXT,
    'if (!kept.again) save(kept);\n            return;',
  ),
  mutant('retry-at-once', 'Sends again at once after 503.', WAIT, '', AGAIN, '    setTimeout(flush, 500);\n'),
  mutant('no-retry', 'Sends again after 503 only when it has something else to send.', AGAIN, ''),
  mutant('retry-lost', 'Forgets a session whose request failed.', KEEP, ''),
  mutant(
    'retry-new-numbers',
    'Counts the events of a session on when it sends again.',
    KEEP,
    'if (wait < Infinity) save(JSON.parse(JSON.stringify(kept).replace(/(SeqNumber\\\\":)(\\d+)/g, (_, name, number) => name + (Number(number) + 1))));',
  ),
  mutant(
    'retry-new-stamps',
    'Takes new Timestamps when it sends again.',
    KEEP,
    'if (wait < Infinity) save(JSON.parse(JSON.stringify(kept).replace(/(Timestamp\\\\":)(\\d+)/g, (_, name) => name + Math.floor(Date.now() / 1000))));',
  ),
  mutant(
    'retry-without-stop',
    'Leaves the last Stop out when it sends again.',
    KEEP,
    'if (wait < Infinity) for (const each in kept) save({ [each]: kept[each].slice(0, kept[each].lastIndexOf(",{")) });',
  ),
  mutant(
    'retry-new-id',
    'Makes another SessionId when it sends again.',
    KEEP,
    'if (wait < Infinity) for (const each in kept) save({ [each]: kept[each].replace(/("SessionId":")[^"]*/g, (_, name) => name + each.slice(-36).replace(/^./, (digit) => (digit === "0" ? "1" : "0"))) });',
  ),
  mutant(
    'retry-in-two',
    'Sends the events of a session in two requests when it sends again.',
    KEEP,
    'if (wait < Infinity) for (const each in kept) { const at = kept[each].indexOf(",{"); save({ [each]: kept[each].slice(0, at), [each + " "]: kept[each].slice(at + 1) }); }',
  ),
  mutant(
    'retry-twice',
    'Keeps two copies of a session whose request failed.',
    KEEP,
    'if (wait < Infinity) for (const each in kept) save({ [each]: kept[each], [each + " "]: kept[each] });',
  ),
  mutant('off-ignored', 'Does not look at Enabled.', OFF, ''),
  mutant('off-no-space', 'Knows Enabled: false only without a space.', ON_TEXT, '/"Enabled":false/.test'),
  mutant(
    'off-lower-case',
    'Looks for enabled in lower case.',
    ON_TEXT,
    String.raw`/"enabled":\s*false/.test`,
  ),
  mutant(
    'off-for-a-minute',
    'Waits a minute after Enabled: false, and then sends again.',
    'wait = Infinity',
    'wait = Date.now() + 6e4',
  ),
  mutant(
    'off-for-this-audio',
    'Stops after Enabled: false until the next clip.',
    "on({ type: 'ended' });\n",
    "on({ type: 'ended' });\n    wait = 0;\n",
  ),
  mutant('off-keeps', 'Keeps what is played after Enabled: false, for the next page.', KEEP, 'save(kept);'),
  mutant(
    'off-by-status',
    'Takes status 204 for Enabled: false, and does not look at the body.',
    OFF,
    'if (answer.status === 204) wait = Infinity;',
  ),
  mutant('on-is-off', 'Stops after Enabled: true.', ON_TEXT, String.raw`/"Enabled":\s*true/.test`),
  mutant(
    'unknown-is-off',
    'Stops after any answer that is not Enabled: true.',
    ON_TEXT,
    String.raw`!/"Enabled":\s*true/.test`,
  ),
  mutant('cut-again', 'Sends again where an answer is cut short.', '.catch(String)', ''),
  mutant('one-a-time', 'Does not go on with what else is kept.', NEXT, 'return;'),
  mutant(
    'flush-forgets-fast',
    'Flushes again at once, before anything is taken out of the storage.',
    NEXT,
    'return flush(), flush();',
  ),
];

/** What is made of sessions that killed pages left. */
export const RECOVERY = [
  mutant(
    'recovered-now',
    'Gives the last Stop of a killed page the time of its recovery.',
    'const json = disk[key];',
    "const json = disk[key]?.replace(/\\d+}$/, Math.floor(Date.now() / 1000) + '}');",
  ),
  mutant(
    'recovered-open',
    'Leaves out the last Stop of what a killed page left.',
    'const json = disk[key];',
    "const json = disk[key]?.replace(/,{[^{]*$/, '');",
  ),
  mutant(
    'recovered-stamps',
    'Gives all events of a killed page the time of their recovery.',
    'const json = disk[key];',
    'const json = disk[key]?.replace(/"Timestamp":\\d+/g, \'"Timestamp":\' + Math.floor(Date.now() / 1000));',
  ),
  mutant(
    'recovered-ahead',
    'Adds a Stop at the time of the recovery to what a killed page left.',
    'const json = disk[key];',
    'const last = disk[key] && JSON.parse(`[${disk[key]}]`).at(-1);\n        const json = last && `${disk[key]},${JSON.stringify({ ...last, SeqNumber: last.SeqNumber + 1, Timestamp: Math.floor(Date.now() / 1000) })}`;',
  ),
  mutant(
    'recovered-twice',
    'Sends what a killed page left, and keeps it.',
    '    for (const key in kept) delete disk[key];\n',
    '    if (leaving !== undefined) for (const key in kept) delete disk[key];\n',
  ),
  mutant(
    'recovered-new-id',
    'Gives what a killed page left another SessionId, and keeps it too.',
    'const json = disk[key];',
    'const json = disk[key]?.replace(/("SessionId":")[^"]*/g, (_, name) => name + URL.createObjectURL(new Blob()).slice(-36));',
  ),
  mutant(
    'recovered-clip',
    'Gives what a killed page left the ClipId of this page.',
    'const json = disk[key];',
    'const json = disk[key]?.replace(/("ClipId":")[^"]*/g, (_, name) => name + ClipId);',
  ),
  mutant(
    'recovered-joined',
    'Joins all that is kept into one session.',
    FIT,
    'if (room > 0) kept[key] = json.replace(/("SessionId":")[^"]*/g, (_, name) => name + key.slice(-36).replace(/^.{8}/, \'11111111\'));',
  ),
  mutant(
    'recovered-continued',
    'Goes on with the session that a killed page left.',
    'const SessionId = URL.createObjectURL(new Blob()).slice(-36); // a UUID',
    'const left = Object.keys(disk).find((each) => each.startsWith(url + Source));\n      const SessionId = left ? left.slice(-36) : URL.createObjectURL(new Blob()).slice(-36);',
  ),
  mutant(
    'recovered-truncated',
    'Keeps the first events of a long session alone.',
    'const json = disk[key];',
    "const json = disk[key]?.split(',{').slice(0, 3).join(',{');",
  ),
];
