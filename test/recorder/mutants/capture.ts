import { mutant } from './define.js';

const NAMES = 'waiting ended seeking timeupdate seeked ratechange playing emptied pause';
const without = (name: string) =>
  NAMES.split(' ')
    .filter((each) => each !== name)
    .join(' ');
const OVER = '/ended|emptied|pagehide/';
const MOVES = '!(over || jumped || paused || ended) && readyState > 2 && playbackRate > 0';
const ON_PAGEHIDE = "addEventListener('pagehide', on, gone);";

/** Which events of the audio are listened to, and what is taken from them. */
export const CAPTURE = [
  mutant('no-playing', 'Does not listen to playing.', NAMES, without('playing')),
  mutant('no-pause', 'Does not listen to pause.', NAMES, without('pause')),
  mutant('no-waiting', 'Does not listen to waiting.', NAMES, without('waiting')),
  mutant('no-seeking', 'Does not listen to seeking.', NAMES, without('seeking')),
  mutant('no-seeked', 'Does not listen to seeked.', NAMES, without('seeked')),
  mutant('no-timeupdate', 'Does not listen to timeupdate.', NAMES, without('timeupdate')),
  mutant('no-ratechange', 'Does not listen to ratechange.', NAMES, without('ratechange')),
  mutant('no-ended', 'Does not listen to ended.', NAMES, without('ended')),
  mutant('no-emptied', 'Does not listen to emptied.', NAMES, without('emptied')),
  mutant('play-not-playing', 'Listens to play, and not to playing.', NAMES, NAMES.replace('playing', 'play')),
  mutant(
    'play-is-start',
    'Reports a Start on play, before anything sounds.',
    NAMES,
    `play ${NAMES}`,
    MOVES,
    `type === 'play' || (${MOVES})`,
  ),
  mutant('no-pagehide', 'Does not listen to pagehide.', ON_PAGEHIDE, ''),
  mutant(
    'hidden-is-over',
    'Ends the session when its page is hidden.',
    ON_PAGEHIDE,
    `${ON_PAGEHIDE} addEventListener('visibilitychange', () => on({ type: 'pagehide' }), gone);`,
  ),
  mutant(
    'hidden-not-pagehide',
    'Ends the session when its page is hidden or shown, and not when it is left.',
    ON_PAGEHIDE,
    `addEventListener('visibilitychange', () => on({ type: 'pagehide' }), gone);`,
  ),
  mutant(
    'hidden-is-paused',
    'Reports a Stop when the page is hidden, though it plays on.',
    ON_PAGEHIDE,
    `${ON_PAGEHIDE} addEventListener('visibilitychange', () => { hidden = !hidden; on({ type: 'pause' }); }, gone);`,
    MOVES,
    `!hidden && ${MOVES}`,
    'const on = ({ type })',
    'let hidden = false;\n  const on = ({ type })',
  ),
  mutant('ended-not-over', 'Keeps the session when the clip ends.', OVER, '/emptied|pagehide/'),
  mutant('emptied-not-over', 'Keeps the session when another source is loaded.', OVER, '/ended|pagehide/'),
  mutant('pagehide-not-over', 'Does not end the session when its page is left.', OVER, '/ended|emptied/'),
  mutant('pause-is-over', 'Ends the session at each pause.', OVER, '/pause|ended|emptied|pagehide/'),
  mutant('waiting-is-over', 'Ends the session at each stall.', OVER, '/waiting|ended|emptied|pagehide/'),
  mutant('seek-is-over', 'Ends the session at each seek.', OVER, '/seeking|ended|emptied|pagehide/'),
  mutant(
    'rate-is-over',
    'Ends the session at each change of speed.',
    OVER,
    '/ratechange|ended|emptied|pagehide/',
  ),
  mutant(
    'paused-moves',
    'Does not look at paused: audio that is paused counts as playing.',
    'jumped || paused || ended)',
    'jumped || ended)',
  ),
  mutant(
    'ended-moves',
    'Does not look at ended: audio at its end counts as playing.',
    'paused || ended) &&',
    'paused) &&',
  ),
  mutant(
    'stalled-moves',
    'Does not look at readyState: audio that waits for data counts as playing.',
    ' && readyState > 2',
    '',
  ),
  mutant('stalled-moves-2', 'Takes readyState 2 for enough to play.', 'readyState > 2', 'readyState > 1'),
  mutant('ready-at-4', 'Counts audio as playing only with readyState 4.', 'readyState > 2', 'readyState > 3'),
  mutant('still-moves', 'Does not look at playbackRate 0.', ' && playbackRate > 0', ''),
  mutant(
    'seeking-moves',
    'Counts audio that seeks as playing.',
    '!(over || jumped || paused',
    '!(over || paused',
  ),
  mutant('over-moves', 'Counts audio as playing when its session is over.', '!(over || jumped', '!(jumped'),
  mutant(
    'flag-alone',
    'Knows of a seek by the flag seeking alone.',
    'seeking || /seeking|emptied/.test(type)',
    'seeking',
  ),
  mutant(
    'event-alone',
    'Knows of a seek by the event seeking alone.',
    'seeking || /seeking|emptied/.test(type)',
    '/seeking|emptied/.test(type)',
  ),
  mutant(
    'emptied-no-jump',
    'Reads the position of an audio element that was emptied.',
    'seeking || /seeking|emptied/',
    'seeking || /seeking/',
  ),
  mutant(
    'begins-paused',
    'Begins a session at any event, also where nothing plays.',
    'if (moves && !note)',
    'if (!note)',
  ),
  mutant(
    'second-listener',
    'Listens twice to each event.',
    'audio.addEventListener(name, on, gone);',
    'audio.addEventListener(name, on, gone), audio.addEventListener(name, (event) => on(event), gone);',
  ),
  mutant(
    'two-recorders',
    'Has two recorders on one audio element, each with a session of its own.',
    'for (const name of names.split',
    'if (!audio.second) { audio.second = true; record(audio, { OrganizationId, ClipId, Source, endpoint }); }\n  for (const name of names.split',
  ),
  mutant(
    'listener-left',
    'Leaves its listeners on the audio element when it ends.',
    'audio.addEventListener(name, on, gone);',
    'audio.addEventListener(name, on);',
  ),
  mutant(
    'page-listener-left',
    'Leaves its listener on the page when it ends.',
    ON_PAGEHIDE,
    "addEventListener('pagehide', on);",
  ),
  mutant('never-gone', 'Does not remove its listeners when it ends.', 'else gone.abort();', ''),
  mutant(
    'paused-alone',
    'Ends an interval at a pause, but not when audio stops for another reason.',
    MOVES,
    '!(over || jumped || paused)',
  ),
  mutant('stop-only-on-pause', 'Looks at nothing but paused and ended.', MOVES, '!(over || paused || ended)'),
];
