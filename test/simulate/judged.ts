import { RULE_IDS, type RuleId } from '../../src/domain/finding.js';
import type { InputRecord } from '../../src/domain/record.js';
import { type SimulatedEvent, wireOf } from '../../src/simulate/listener.js';
import type { SimulatedSession } from '../../src/simulate/simulate.js';
import { Inspector } from '../../src/validate/inspect.js';
import type { Inspected } from '../../src/validate/inspected.js';
import { INSPECT_DEFAULTS, type InspectOptions } from '../../src/validate/options.js';
import { isJsonObject } from '../../src/wire/json.js';
import { recordOf } from '../rules/run.js';

/** Long after any simulation with the default start. */
export const NOW = 1_800_000_000;

const INPUT = { index: 0, name: '<simulated>' };

/** What a session came to, by its SessionId, what is said of its request included; of requests without one under `null`. */
export type Findings = ReadonlyMap<string | null, readonly RuleId[]>;

/** The rules that the real checks find in sessions as they are written, infos too, in the order of the catalogue. */
export function findingsOf(
  sessions: Iterable<SimulatedSession>,
  options: Partial<InspectOptions> = {},
): Findings {
  const found = new Map<string | null, RuleId[]>();
  const inspector = new Inspector({ ...INSPECT_DEFAULTS, now: NOW, ...options });
  const take = (inspected: Iterable<Inspected>, owner: string | null): void => {
    for (const one of inspected) {
      if (one.kind !== 'finding') continue;
      const key = one.finding.sessionId?.toLowerCase() ?? owner;
      found.set(key, [...(found.get(key) ?? []), one.finding.rule]);
    }
  };
  for (const session of sessions) {
    const owner = session.fault?.sessionless === false ? session.key : null;
    for (const record of recordsOf(session)) take(inspector.take(record), owner);
  }
  take(inspector.end(), null);
  for (const rules of found.values()) rules.sort((a, b) => RULE_IDS.indexOf(a) - RULE_IDS.indexOf(b));
  return found;
}

let line = 0;

function* recordsOf({ events, fault }: SimulatedSession): Generator<InputRecord> {
  const kind = fault?.requests ? 'request' : 'event';
  for (const value of fault?.requests ?? events.map(jsonOf)) {
    line += 1;
    yield recordOf({ kind, value: JSON.parse(JSON.stringify(value)) }, INPUT, line);
  }
}

/** A simulated event as it is written: the seven fields or what a fault made of them, and its Source. */
export function jsonOf({ played, raw, source }: SimulatedEvent): unknown {
  const value = raw ?? (played && wireOf(played));
  if (source === undefined || !isJsonObject(value) || Object.hasOwn(value, 'Source')) return value;
  return { ...value, Source: source };
}
