// Reports plays to Omny Studio: const next = record(audio, { OrganizationId, ClipId });
// next(clipId) before audio.src changes, next() at the end.

function begin(ids: object) {
  let events: object[] = [];
  let moved = false;
  let at = 0; // last position
  let since = 0; // its time
  let speed = 1;

  const emit = (Type: string, time: number) =>
    events.concat({
      ...ids,
      Type,
      Position: at,
      SeqNumber: events.length + 1,
      Timestamp: Math.floor(time / 1000),
    });

  // Returns the events, and a Stop if audio plays.
  return (moves: boolean, position: number, rate: number, time: number) => {
    if (moved) {
      const due = (Math.abs(time - since) / 1000) * speed;
      const played = position - at;
      const heard = played >= 0 && played < due + 2 ? played : Math.min(due, speed);
      at += heard;
      const steady = played > due - 2 && played < due + 2; // no seek, no sleep
      if (!moves || !steady) {
        events = emit('Stop', steady ? time : since + (heard / speed) * 1000);
        moved = false;
      }
    }
    since = time;
    speed = rate;
    if (moves && !moved) {
      moved = true;
      at = position;
      events = emit('Start', time);
    }
    return moved ? emit('Stop', time) : events;
  };
}

let wait = 0;

export function record(
  audio: HTMLMediaElement,
  {
    OrganizationId,
    ClipId,
    Source = 'CustomWeb',
    endpoint = 'https://traffic.omny.fm/api/consumption/events',
  }: { OrganizationId: string; ClipId: string; Source?: string; endpoint?: string },
) {
  const url = `${endpoint}?organizationId=${OrganizationId}`;
  const gone = new AbortController();
  let key = '';
  let note: ReturnType<typeof begin> | undefined;
  let locks: LockManager | undefined;
  let free = () => {};
  let disk: Record<string, string> = {};

  const save = (kept: typeof disk) => {
    try {
      Object.assign(disk, kept);
    } catch {}
  };

  // Sends, and keeps events not counted.
  const send = async (kept: typeof disk, leaving?: boolean) => {
    const json = `{"Source":"${Source}","Events":[${Object.values(kept)}],"Completed":true}`;
    const body = new Blob([json], { type: 'application/json' });
    for (const key in kept) delete disk[key];
    try {
      if (navigator.onLine && Date.now() >= wait) {
        if (leaving) {
          if (navigator.sendBeacon(url, body)) return;
        } else {
          const answer = await fetch(url, { method: 'POST', keepalive: true, body });
          if (answer.status !== 429 && answer.status !== 503) {
            if (/"Enabled":\s*false/.test(await answer.text().catch(String))) wait = Infinity;
            return flush();
          }
          wait = Date.now() + 6e4;
        }
      }
    } catch {}
    if (wait < Infinity) save(kept);
    setTimeout(flush, 6e4);
  };

  // Sends events that pages kept.
  const flush = () => {
    locks?.request(url, async () => {
      const keys = Object.keys(disk);
      const { held } = await locks!.query();
      const kept: typeof disk = {};
      let room = 6e4;
      for (const key of keys) {
        const json = disk[key];
        if (json && key.startsWith(url + Source) && !held!.some(({ name }) => name === key)) {
          room -= json.length;
          if (room > 0) kept[key] = json;
          else if (room < -1e6) delete disk[key];
        }
      }
      if (room < 6e4) await send(kept);
    });
  };

  const on = ({ type }: { type: string }) => {
    const { paused, ended, seeking, readyState, playbackRate, currentTime } = audio;
    const over = /ended|emptied|pagehide/.test(type);
    const jumped = seeking || /seeking|emptied/.test(type);
    const moves = !(over || jumped || paused || ended) && readyState > 2 && playbackRate > 0;
    const time = Date.now();
    if (moves && !note) {
      const SessionId = URL.createObjectURL(new Blob()).slice(-36); // a UUID
      key = url + Source + SessionId;
      note = begin({ OrganizationId, ClipId, SessionId });
      locks?.request(key, () => new Promise<void>((done) => (free = done)));
    }
    if (!note) return;
    const events = note(moves, jumped ? NaN : currentTime, playbackRate, time);
    const kept = { [key]: JSON.stringify(events).slice(1, -1) };
    if (over || (events.length > 199 && !moves)) {
      send(kept, type === 'pagehide');
      note = undefined;
      free();
    } else save(kept);
  };

  try {
    disk = localStorage || {};
    locks = navigator.locks;
  } catch {}
  const names = 'waiting ended seeking timeupdate seeked ratechange playing emptied pause';
  for (const name of names.split(' ')) audio.addEventListener(name, on, gone);
  addEventListener('pagehide', on, gone);
  addEventListener('online', flush, gone);
  flush();
  return (id?: string) => {
    on({ type: 'ended' });
    if (id) ClipId = id;
    else gone.abort();
  };
}
