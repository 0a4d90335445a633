import { guidKey } from '../domain/guid.js';
import type { Batch } from '../write/batches.js';
import type { BatchSession } from '../write/packed.js';

/** What a delivery would send. */
export interface Load {
  readonly requests: number;
  readonly sessions: number;
  readonly events: number;
  /** Of the request bodies. */
  readonly bytes: number;
  /** Seconds of audio played. */
  readonly playedSeconds: number;
}

/** The part of a plan for one organization and one Source. */
export interface PlanGroup extends Load {
  readonly organizationId: string;
  readonly source: string;
}

export interface Plan extends Load {
  /** Requests of a single session that is larger than the limit of bytes. */
  readonly oversize: number;
  /** How many organizations are sent to. */
  readonly organizations: number;
  /** Seconds that the requests take at the rate; null without a rate. */
  readonly seconds: number | null;
  /** In order of first appearance. */
  readonly groups: readonly PlanGroup[];
}

/**
 * Adds up what batches would send, at `rate` requests a second where there is one. Touches no network.
 * @param playedSeconds Seconds of audio played in a session.
 */
export async function planOf<S extends BatchSession>(
  batches: Iterable<Batch<S>> | AsyncIterable<Batch<S>>,
  playedSeconds: (session: S) => number,
  rate?: number,
): Promise<Plan> {
  const groups = new Map<string, Sum>();
  const total = new Sum();
  const organizations = new Set<string>();
  let oversize = 0;
  for await (const batch of batches) {
    const organization = guidKey(batch.organizationId);
    organizations.add(organization);
    const key = `${organization.length}:${organization}${batch.source}`;
    const group = groups.get(key) ?? new Sum(batch);
    groups.set(key, group);
    let playedMs = 0;
    for (const session of batch.sessions) playedMs += Math.round(playedSeconds(session) * 1000);
    total.add(batch, playedMs);
    group.add(batch, playedMs);
    if (batch.oversize) oversize += 1;
  }
  return {
    ...total.load,
    oversize,
    organizations: organizations.size,
    seconds: rate === undefined || rate === Number.POSITIVE_INFINITY ? null : total.load.requests / rate,
    groups: [...groups.values()].map((group) => ({ ...group.named, ...group.load })),
  };
}

type Sized = Pick<Batch, 'organizationId' | 'source' | 'sessions' | 'events' | 'bytes'>;

class Sum {
  #requests = 0;
  #sessions = 0;
  #events = 0;
  #bytes = 0;
  #playedMs = 0;
  readonly named: Pick<PlanGroup, 'organizationId' | 'source'>;

  constructor({ organizationId = '', source = '' }: Partial<Sized> = {}) {
    this.named = { organizationId, source };
  }

  add(batch: Sized, playedMs: number): void {
    this.#requests += 1;
    this.#sessions += batch.sessions.length;
    this.#events += batch.events;
    this.#bytes += batch.bytes;
    this.#playedMs += playedMs;
  }

  get load(): Load {
    return {
      requests: this.#requests,
      sessions: this.#sessions,
      events: this.#events,
      bytes: this.#bytes,
      playedSeconds: this.#playedMs / 1000,
    };
  }
}
