import { guidKey } from '../domain/guid.js';

/** What of a ledger is asked for: `?session=`, `?clip=`. */
export interface Filter {
  /** Both in lower case; absent: all. */
  readonly session?: string | undefined;
  readonly clip?: string | undefined;
}

/** The sessions and clips that a request or a finding is about, in lower case. */
export interface About {
  readonly sessions: readonly string[];
  readonly clips: readonly string[];
}

export function filterOf(query: URLSearchParams): Filter {
  const [session, clip] = [query.get('session'), query.get('clip')];
  return {
    session: session === null ? undefined : guidKey(session),
    clip: clip === null ? undefined : guidKey(clip),
  };
}

/** Whether nothing is left out. */
export function isAll({ session, clip }: Filter): boolean {
  return session === undefined && clip === undefined;
}

export function matches({ sessions, clips }: About, { session, clip }: Filter): boolean {
  if (session !== undefined && !sessions.includes(session)) return false;
  return clip === undefined || clips.includes(clip);
}
