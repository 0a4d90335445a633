import type { Exchange } from '../../src/domain/record.js';
import type { NaiveEvent } from './naive-event.js';
import { sameEvents } from './naive-group.js';
import { isGuid, lower } from './naive-json.js';

interface NaiveRequest {
  readonly exchange: Exchange;
  readonly organization: string | undefined;
  readonly sessions: ReadonlyMap<string, readonly NaiveEvent[]>;
}

const ms = (seconds: number) => Math.round(seconds * 1000);

const firstOf = ({ value }: NaiveEvent) =>
  JSON.stringify([value.Type === 'Stop', ms(value.Position), ms(value.Timestamp)]);

/** Whether a path is the document's but for letter case or a slash at its end; other paths are no traffic of this kind. */
const isNearly = (path: string): boolean =>
  path !== '/api/consumption/events' && /^\/api\/consumption\/events\/?$/i.test(path);

/** What the catalogue says of captures and the mock: one player's traffic, in the order in which it was sent. */
export class NaiveTraffic {
  readonly #requests: NaiveRequest[] = [];
  readonly #stops: { readonly key: string; readonly event: NaiveEvent }[] = [];
  readonly #pairs = new Set<string>();
  readonly #farthest = new Map<string, number>();
  readonly #firsts = new Map<string, string>();

  requestRules(exchange: Exchange, organization: string | undefined): string[] {
    const rules: string[] = [];
    if (exchange.mediaType !== 'application/json') rules.push('content-type');
    if (isNearly(exchange.path)) rules.push('endpoint-path');
    if (!isGuid(exchange.organizationParameter)) rules.push('organization-parameter');
    const isLate = this.#requests.some(({ exchange: earlier, organization: its }) => {
      const { answer, page } = earlier;
      if (answer?.enabled !== false || answer.at === null || exchange.beganAt === null) return false;
      const isSame = page === exchange.page && its !== undefined && lower(its) === lower(organization);
      return isSame && ms(exchange.beganAt) - ms(answer.at) >= 1000;
    });
    if (isLate) rules.push('sent-after-disabled');
    return rules;
  }

  /** Whether an earlier request with the same events of the session was answered Enabled: true. */
  wasDelivered(key: string, session: readonly NaiveEvent[]): boolean {
    return this.#requests.some(({ exchange, sessions }) => {
      const earlier = sessions.get(key);
      return exchange.answer?.enabled === true && earlier !== undefined && sameEvents(earlier, session);
    });
  }

  /** The events at which a pair of sessions is found to share a Stop. */
  leaks(key: string, session: readonly NaiveEvent[], { fromMock }: Exchange): NaiveEvent[] {
    const found: NaiveEvent[] = [];
    const positions = session.map(({ value }) => value.Position).filter(Number.isFinite);
    this.#farthest.set(key, Math.max(this.#farthest.get(key) ?? -1, ...positions.map(ms)));
    if (!this.#firsts.has(key)) this.#firsts.set(key, firstOf(session[0]!));
    const stops = session.filter(({ value: { Type: type, Position: position, Timestamp: timestamp } }) => {
      if (type !== 'Stop' || !Number.isFinite(position) || !Number.isFinite(timestamp)) return false;
      return ms(position) > 1000 && ms(position) % 1000 !== 0 && !(fromMock && ms(position) % 100 === 0);
    });
    const own = stops.map((event) => ({ key, event }));
    for (const { event } of own) {
      const { Position: position, Timestamp: timestamp, ClipId: clip } = event.value;
      for (const { key: other, event: stop } of [
        ...this.#stops,
        ...own.slice(
          0,
          own.findIndex((one) => one.event === event),
        ),
      ]) {
        const pair = [key, other].toSorted().join();
        const isSame = ms(stop.value.Position) === ms(position) && ms(stop.value.Timestamp) === ms(timestamp);
        if (!isSame || other === key || this.#pairs.has(pair)) continue;
        if (this.#firsts.get(key) === this.#firsts.get(other)) continue;
        const sameClip = isGuid(clip) && lower(clip) === lower(stop.value.ClipId);
        const isEnd = [key, other].every((each) => this.#farthest.get(each) === ms(position));
        const elsewhen = [...this.#stops, ...own].some(
          ({ event: { value } }) =>
            lower(value.ClipId) === lower(clip) &&
            ms(value.Position) === ms(position) &&
            Math.floor(ms(value.Timestamp) / 1000) !== Math.floor(ms(timestamp) / 1000),
        );
        if (sameClip && (isEnd || elsewhen)) continue;
        this.#pairs.add(pair);
        found.push(event);
      }
    }
    this.#stops.push(...own);
    return found;
  }

  sent(exchange: Exchange, organization: string | undefined, sessions: NaiveRequest['sessions']): void {
    this.#requests.push({ exchange, organization, sessions });
  }
}
