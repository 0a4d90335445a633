import { guidKey } from '../domain/guid.js';
import { NewestMap } from '../domain/newest-map.js';
import type { Input } from '../domain/place.js';
import type { Answer, Exchange } from '../domain/record.js';
import type { Session } from '../domain/session.js';
import type { Leak, RequestSession, Standing } from '../rules/define.js';
import { tellingStop } from '../rules/request/event-leaked.js';
import type { MemoryBudget } from '../sessions/memory.js';
import { SeenSessions } from '../sessions/seen.js';
import { fingerprint } from './fingerprint.js';

/** Of sessions that all have one and the same Stop so many are told apart: pairs grow with the square. */
const MOST_ALIKE = 64;

/** So many Stops a session are remembered, on the average: memory is bounded where sessions are made large to hurt. */
const MOST_STOPS = 8;

/** What is remembered of a session that stood in a request. */
interface SeenSession {
  /** Of what its first request held. */
  readonly fingerprint: string;
  /** Whether a request that held just that was answered `Enabled: true`. */
  delivered: boolean;
  /** Where it stands in the index of Stops. */
  readonly stops: string[];
  /** The sessions with which it shares a Stop, as far as told. */
  readonly alike: Set<string>;
}

/** A request that was sent, as far as its answer matters later. */
interface SentRequest {
  readonly sender: string | null;
  /** The sessions that it held as their first request did. */
  readonly sessions: readonly string[];
}

/** What a request is seen of on its way. */
export interface Sighting {
  readonly input: Input;
  readonly exchange: Exchange;
  readonly organizationId: string | null;
}

/** Remembers what requests held and how they were answered, for the rules that compare a request with earlier ones. */
export class Traffic {
  readonly #sessions = new NewestMap<string, SeenSession>();
  /** Of requests that are no traffic, where all are remembered: a fingerprint each is all there is to know. */
  readonly #bodies: SeenSessions;
  readonly #stops = new Map<string, string[]>();
  readonly #disabled = new NewestMap<string, number>();
  readonly #unanswered = new NewestMap<number, SentRequest>();

  /**
   * @param most So many sessions, and as many requests and organizations, are remembered: the newest.
   * @param memory For the fingerprints, where all are remembered.
   */
  constructor(
    private readonly most: number,
    memory: MemoryBudget,
  ) {
    this.#bodies = new SeenSessions(memory);
  }

  /** Whether no session is remembered. */
  get empty(): boolean {
    return this.#sessions.size === 0 && this.#bodies.size === 0;
  }

  /** How a session stands to what earlier requests held of it. */
  standingOf(session: Session): Standing {
    const earlier = this.#earlierPrint(session.key);
    return earlier === undefined ? 'first' : standing(fingerprint(session), earlier);
  }

  /**
   * Takes a session's part of a request, and tells how it stands to what was there before.
   * @param capture The input, where it is the traffic of one player.
   */
  meet(session: Session, capture: Input | null): RequestSession {
    const print = fingerprint(session);
    const earlier = this.#earlierPrint(session.key);
    const known = earlier === undefined ? 'first' : standing(print, earlier);
    if (capture === null && this.most === Number.POSITIVE_INFINITY) {
      if (earlier === undefined) this.#bodies.add(session.key, Buffer.from(print, 'base64'));
      return { session, standing: known, delivered: false, leaks: [] };
    }
    const before = this.#sessions.get(session.key);
    const seen = before ?? { fingerprint: earlier ?? print, delivered: false, stops: [], alike: new Set() };
    if (!before) this.#sessions.set(session.key, seen);
    const leaks = capture === null ? [] : this.#leaksOf(session, seen, capture);
    this.#forget();
    return {
      session,
      standing: known,
      delivered: capture !== null && seen.delivered && seen.fingerprint === print,
      leaks,
    };
  }

  /** When the request's organization was first answered `Enabled: false`, as far as its page is the same; null where it never was. */
  disabledAt(sighting: Sighting): number | null {
    return this.#disabled.get(senderOf(sighting) ?? '') ?? null;
  }

  /** A request has left; its answer may be there already, or be told by `answered`. */
  sent(number: number, sighting: Sighting, parts: readonly RequestSession[]): void {
    const whole = parts.filter((part) => part.standing !== 'split').map(({ session }) => session.key);
    this.#unanswered.set(number, { sender: senderOf(sighting), sessions: whole });
    if (sighting.exchange.answer) this.answered(number, sighting.exchange.answer);
    if (this.#unanswered.size > this.most) this.#unanswered.forgetOldest();
  }

  /** A request was answered. */
  answered(number: number, { at, enabled }: Answer): void {
    const request = this.#unanswered.get(number);
    this.#unanswered.delete(number);
    if (!request) return;
    if (enabled === true) {
      for (const key of request.sessions) {
        const seen = this.#sessions.get(key);
        if (seen) seen.delivered = true;
      }
    }
    if (enabled === false && at !== null && request.sender !== null) {
      const before = this.#disabled.get(request.sender) ?? Number.POSITIVE_INFINITY;
      this.#disabled.set(request.sender, Math.min(before, at));
      if (this.#disabled.size > this.most) this.#disabled.forgetOldest();
    }
  }

  /** Lets go of temporary files. */
  close(): void {
    this.#bodies.close();
  }

  #earlierPrint(key: string): string | undefined {
    const seen = this.#sessions.get(key);
    if (seen) return seen.fingerprint;
    const print = this.#bodies.get(key);
    return print && Buffer.from(print).toString('base64');
  }

  #leaksOf(session: Session, seen: SeenSession, capture: Input): Leak[] {
    const leaks: Leak[] = [];
    for (const event of session.events) {
      const stop = tellingStop(event);
      if (!stop) continue;
      const key = `${capture.index} ${stop.timestampMs} ${stop.positionMs}`;
      const alike = this.#stops.get(key) ?? [];
      this.#stops.set(key, alike);
      for (const other of alike) {
        if (other === session.key || seen.alike.has(other)) continue;
        seen.alike.add(other);
        this.#sessions.get(other)?.alike.add(session.key);
        leaks.push({ at: event, from: other });
      }
      if (alike.includes(session.key) || alike.length >= MOST_ALIKE) continue;
      alike.push(session.key);
      seen.stops.push(key);
    }
    return leaks;
  }

  #forget(): void {
    while (this.#sessions.size > this.most || this.#stops.size > this.most * MOST_STOPS) {
      const oldest = this.#sessions.forgetOldest();
      if (!oldest) return;
      this.#forgetStops(...oldest);
    }
  }

  #forgetStops(its: string, { stops, alike }: SeenSession): void {
    for (const stop of stops) {
      const rest = this.#stops.get(stop)?.filter((other) => other !== its) ?? [];
      if (rest.length > 0) this.#stops.set(stop, rest);
      else this.#stops.delete(stop);
    }
    for (const other of alike) this.#sessions.get(other)?.alike.delete(its);
  }
}

function standing(print: string, earlier: string): Standing {
  return earlier === print ? 'resent' : 'split';
}

/** Who sent it: a page of a capture, for an organization; null where the organization is not known. */
function senderOf({ input, exchange, organizationId }: Sighting): string | null {
  return organizationId && JSON.stringify([input.index, exchange.page, guidKey(organizationId)]);
}
