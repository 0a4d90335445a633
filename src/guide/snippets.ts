/** Writes an event into the session's queue at the moment it happens. One queue a session. */
export const NOTE = `const note = (Type, Position = audio.currentTime) =>
  queue.push({
    OrganizationId, ClipId, SessionId, Type, Position,
    SeqNumber: queue.length + 1, // one queue a session: counts from 1
    Timestamp: Math.floor(Date.now() / 1000), // now, not when it is sent
  });`;

/** Start and Stop as a browser's audio element tells them, each only on a change: `emit`. Needs `note`. */
export const ON_CHANGE = `let playing = false;
let position = 0; // at 'seeking', currentTime is the new place already
function emit(Type, at) {
  if (playing === (Type === 'Start')) return; // no second Start, no second Stop
  playing = Type === 'Start';
  position = at;
  note(Type, at);
}
const start = () => audio.paused || emit('Start', audio.currentTime);
const stop = () => emit('Stop', audio.currentTime);
audio.addEventListener('timeupdate', () => audio.seeking || (position = audio.currentTime));
audio.addEventListener('playing', start);
audio.addEventListener('seeked', start);
audio.addEventListener('seeking', () => emit('Stop', position));
audio.addEventListener('waiting', stop);
audio.addEventListener('pause', stop);`;

/** Sends a session once, when it is over: `flush`. Needs `emit`. */
export const FLUSH = `function flush() {
  const Events = queue.splice(0); // taken out first: a second call finds nothing
  if (Events.length === 0) return;
  const body = JSON.stringify({ Source: 'CustomWeb', Events, Completed: true });
  navigator.sendBeacon(url, new Blob([body], { type: 'application/json' }));
  SessionId = crypto.randomUUID(); // what comes after this is another session
}
addEventListener('pagehide', () => {
  emit('Stop', audio.currentTime); // only where it still plays
  flush(); // here and on a change of clip, never on pause
});`;

/** A session for every play of a clip. Needs `emit` and `flush`. */
export const PLAY = `function play(clip) {
  emit('Stop', audio.currentTime); // of the clip that is left, before anything changes
  flush(); // empties the queue, so that SeqNumber begins at 1 again
  SessionId = crypto.randomUUID();
  ({ ClipId, OrganizationId } = clip);
  audio.src = clip.url;
  audio.play();
}`;
