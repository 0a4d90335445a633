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

/** What the catalogue says of captures and the mock: one player's traffic, in the order in which it was sent. */
export class NaiveTraffic {
  readonly #requests: NaiveRequest[] = [];
  readonly #stops: { readonly key: string; readonly event: NaiveEvent }[] = [];
  readonly #pairs = new Set<string>();

  requestRules(exchange: Exchange, organization: string | undefined): string[] {
    const rules: string[] = [];
    if (exchange.mediaType !== 'application/json') rules.push('content-type');
    if (exchange.path !== '/api/consumption/events') rules.push('endpoint-path');
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
  leaks(key: string, session: readonly NaiveEvent[]): NaiveEvent[] {
    const found: NaiveEvent[] = [];
    for (const event of session) {
      const { Type: type, Position: position, Timestamp: timestamp } = event.value;
      if (type !== 'Stop' || !Number.isFinite(position) || !Number.isFinite(timestamp)) continue;
      if (ms(position) % 1000 === 0) continue;
      for (const { key: other, event: stop } of this.#stops) {
        const pair = [key, other].toSorted().join();
        const isSame = ms(stop.value.Position) === ms(position) && ms(stop.value.Timestamp) === ms(timestamp);
        if (!isSame || other === key || this.#pairs.has(pair)) continue;
        this.#pairs.add(pair);
        found.push(event);
      }
      this.#stops.push({ key, event });
    }
    return found;
  }

  sent(exchange: Exchange, organization: string | undefined, sessions: NaiveRequest['sessions']): void {
    this.#requests.push({ exchange, organization, sessions });
  }
}
