import type { BehaviourId } from '../../src/certify/define.js';
import type { SheetLine, Verdict } from '../../src/certify/sheet.js';
import { CertifyWatch } from '../../src/certify/watch.js';
import { Diagnoses } from '../../src/diagnoses/diagnoses.js';
import type { DiagnosisId, RuleId } from '../../src/domain/finding.js';
import { readReceivedBody } from '../../src/mock/http/body.js';
import { Inspector } from '../../src/validate/inspect.js';
import { diagnosesInForce, INSPECT_DEFAULTS, type InspectOptions } from '../../src/validate/options.js';
import { endpointPathAtEnd, holdsEvents } from '../../src/wire/body.js';
import type { Outcome } from './script.js';
import type { Exchange } from './server.js';

/** What a mock with `--certify` says of what arrived, and no more. */
export interface AtMock {
  /** Findings that are warnings or errors. */
  readonly rules: readonly RuleId[];
  readonly diagnoses: readonly DiagnosisId[];
  /** Whether events came to another path, or with another method: the mock ends with exit code 1. */
  readonly eventsLost: boolean;
  readonly lines: readonly SheetLine[];
}

/** A request that a fault answers with a status is shown to the sheet of behaviours alone. */
const REFUSED: readonly number[] = [404, 429, 500, 503];

/**
 * What a mock says of the requests of these scripts, one after the other.
 * @param clips How long clips last, in seconds, as `--clips` gives it.
 */
export function atMock(
  outcomes: readonly Pick<Outcome, 'exchanges' | 'now'>[],
  clips: ReadonlyMap<string, number> = new Map(),
): AtMock {
  const endedAt = Math.max(...outcomes.map(({ now }) => now)) / 1000;
  const options: InspectOptions = { ...INSPECT_DEFAULTS, now: endedAt, clipDurations: clips };
  const watch = new CertifyWatch(options);
  const [shown, counted] = [new Diagnoses(options), new Diagnoses(options)];
  const sheet = new Inspector({ ...options, certify: watch, diagnoses: shown });
  const rules = new Inspector({ ...options, diagnoses: counted });
  const found = new Set<RuleId>();
  let [numberInSheet, number] = [0, 0];
  for (const exchange of outcomes.flatMap(({ exchanges }) => exchanges)) {
    const { status, at } = exchange;
    const isCounted = !REFUSED.includes(status);
    const record = recordOf(exchange);
    if (record === null) continue;
    const answer = { at: at / 1000 + 0.01, enabled: enabledOf(exchange), status: status || null };
    for (const _ of sheet.take(record));
    if (record.kind === 'request') sheet.answered(numberInSheet++, answer);
    if (!isCounted) continue;
    for (const inspected of rules.take(record))
      if (inspected.kind === 'finding' && inspected.finding.severity !== 'info')
        found.add(inspected.finding.rule);
    if (record.kind === 'request') rules.answered(number++, answer);
  }
  const { lines } = watch.sheet({ diagnoses: shown.end(), endedAt });
  const diagnoses = diagnosesInForce(counted.end(), options).map(({ diagnosis }) => diagnosis);
  sheet.close();
  rules.close();
  const eventsLost = outcomes
    .flatMap(({ exchanges }) => exchanges)
    .some(({ status, body }) => status === 404 && holdsEvents(body));
  return { rules: [...found], diagnoses, eventsLost, lines };
}

/** What of it says that the player is wrong. */
export function wrongs({ rules, diagnoses, eventsLost, lines }: AtMock): readonly string[] {
  const lost = eventsLost ? ['events at another path, or with another method'] : [];
  return [...idsOf(lines, 'wrong'), ...rules, ...diagnoses.map((id) => `diagnosis ${id}`), ...lost];
}

export function idsOf(lines: readonly SheetLine[], verdict: Verdict): readonly BehaviourId[] {
  return lines.filter((line) => line.verdict === verdict).map(({ behaviour }) => behaviour);
}

const INPUT = { index: 0, name: '<mock>', isMock: true } as const;

/** The request as the mock reads it; null where it does not arrive, or not at the endpoint. */
function recordOf({ url, type, body, at, counted, status }: Exchange) {
  if (!counted && status === 0) return null;
  const { host, pathname, searchParams } = new URL(url.replace(/^\w+ /, ''));
  const path = endpointPathAtEnd(pathname);
  if (path === null || status === 404) return null;
  const [, organizationParameter = null] =
    [...searchParams].find(([name]) => name.toLowerCase() === 'organizationid') ?? [];
  const mediaType = type.split(';', 1)[0]!.trim().toLowerCase();
  const { record } = readReceivedBody(Buffer.from(body), undefined, INPUT, {
    host,
    path,
    organizationParameter,
    mediaType: mediaType === '' ? null : mediaType,
    beganAt: at / 1000,
    fromMock: true,
    page: null,
    store: null,
    answer: null,
  });
  return record;
}

/** What the mock answered; null where it was no whole JSON. */
function enabledOf({ status, answer }: Exchange): boolean | null {
  const said = /^\{ ?"Enabled": ?(true|false) ?\}$/.exec(answer)?.[1];
  return status === 200 && said !== undefined ? said === 'true' : null;
}
