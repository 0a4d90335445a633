import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EVENT_FLAG, type EventBatch } from '../../src/domain/event-batch.js';
import type { RuleId } from '../../src/domain/finding.js';
import { NO_ORIGIN, Session } from '../../src/domain/session.js';
import { readInputs } from '../../src/read/read.js';
import { Inspector } from '../../src/validate/inspect.js';
import { BODY_PROPERTIES, bodySchema } from '../../src/wire/body.js';
import { EXAMPLE_BATCH, EXAMPLE_BODY } from '../../src/wire/contract.js';
import { EVENT_FIELDS, eventSchema } from '../../src/wire/event.js';
import { wireEvent } from '../../src/wire/event-columns.js';
import { isJsonObject } from '../../src/wire/json.js';
import { bodyJsonSchema, eventJsonSchema, SCHEMA_RULES } from '../../src/wire/openapi.js';
import { cases, recordOf, SETTINGS } from '../rules/run.js';
import { scenario } from '../rules/scenario.js';

/** A body or an event, as a reader gives it. */
interface Checkable {
  readonly kind: 'request' | 'event';
  readonly value: unknown;
}

const ajv = new Ajv2020({ allErrors: true });
/** Takes 1e999 for a number, as most validators do. */
const loose = new Ajv2020({ strictNumbers: false });
const SAYS: Readonly<Record<Checkable['kind'], ValidateFunction>> = {
  request: ajv.compile(bodyJsonSchema()),
  event: ajv.compile(eventJsonSchema()),
};
const SAYS_LOOSELY: typeof SAYS = {
  request: loose.compile(bodyJsonSchema()),
  event: loose.compile(eventJsonSchema()),
};
const DEFINES = { request: bodySchema(), event: eventSchema() };
const input = { index: 0, name: 'value' };

/** What those rules find of the value alone that a schema can say. A bare event's `Source` is ours: no schema of the API's speaks of it. */
function found({ kind, value }: Checkable): readonly RuleId[] {
  const inspector = new Inspector(SETTINGS);
  const rules: RuleId[] = [];
  for (const inspected of [inspector.take(recordOf({ kind, value }, input, 1)), inspector.end()]) {
    for (const each of inspected) {
      if (each.kind !== 'finding') continue;
      const { rule, place } = each.finding;
      const ours = kind === 'event' && (place.pointer === '/Source' || rule === 'source-unknown');
      if ((SCHEMA_RULES as readonly RuleId[]).includes(rule) && !ours) rules.push(rule);
    }
  }
  inspector.close();
  return rules;
}

/** The schema, the definition and the rules agree: on the rules that it gives. */
function agree(each: Checkable): readonly RuleId[] {
  const rules = found(each);
  const schema = SAYS[each.kind];
  const sound = rules.length === 0;
  const verdicts = {
    schema: schema(each.value),
    loosely: SAYS_LOOSELY[each.kind](each.value),
    zod: DEFINES[each.kind].safeParse(each.value).success,
  };
  if (Object.values(verdicts).every((verdict) => verdict === sound)) return rules;
  return expect.fail(JSON.stringify({ value: each.value, rules, ...verdicts, errors: schema.errors }));
}

const FIXTURES = fileURLToPath(new URL('../../fixtures/', import.meta.url));
const FORMATS = /\.(json|ndjson|jsonl|csv|har)(\.gz)?$/;
const files = readdirSync(FIXTURES, { recursive: true, encoding: 'utf8' })
  .filter((file) => FORMATS.test(file) && !/(expected|options)\.json$/.test(file))
  .toSorted();

/** The bodies and events of a fixture; none where it cannot be read. */
async function held(file: string): Promise<readonly Checkable[]> {
  const values: Checkable[] = [];
  try {
    for await (const chunk of readInputs([join(FIXTURES, file)], { timezone: 'UTC' })) {
      for (const record of chunk) {
        if (record.kind !== 'request' && record.kind !== 'events') continue;
        const { kind, events, from, to } = record;
        const held = Array.from({ length: to - from }, (_, n) => jsonOf(events, from + n));
        if (kind === 'events') values.push(...held.map((value) => ({ kind: 'event' as const, value })));
        else values.push({ kind, value: withEvents(record.body, held) });
      }
    }
  } catch {
    // A file that cannot be read at all: what came before it broke off counts.
  }
  return values;
}

/** An event of a batch as it was written; one without a SeqNumber of its own as the first of its session. */
function jsonOf(batch: EventBatch, i: number): unknown {
  const session = new Session();
  session.begin({ ...NO_ORIGIN, raw: (row) => batch.raws.get(row)! }, [input]);
  session.add(batch, i);
  const unnumbered = (batch.flags[i]! & EVENT_FLAG.unnumbered) !== 0 ? { SeqNumber: 1 } : {};
  if (session.isRaw(0)) {
    const { value } = session.raw(0);
    return isJsonObject(value) ? { ...unnumbered, ...value } : value;
  }
  const source = session.sourceOf(0);
  return { ...wireEvent(session, 0), ...unnumbered, ...(source !== undefined && { Source: source }) };
}

/** A body with its events in it, where it has any. */
function withEvents(body: unknown, events: readonly unknown[]): unknown {
  return isJsonObject(body) && Array.isArray(body.Events) ? { ...body, Events: events } : body;
}

describe('the JSON Schema says what the shape rules say', () => {
  it('defines the documented properties and no others, in the order of the document', () => {
    expect(Object.keys(eventSchema().shape)).toEqual(EVENT_FIELDS);
    expect(Object.keys(bodySchema().shape)).toEqual(BODY_PROPERTIES);
  });

  it('of every body and event of the fixtures, whichever of the rules finds something', async () => {
    const all = (await Promise.all(files.map(held))).flat();
    const met = new Set<RuleId>();
    const soundKinds: string[] = [];
    for (const each of all) {
      const rules = agree(each);
      for (const rule of rules) met.add(rule);
      if (rules.length === 0) soundKinds.push(each.kind);
    }
    expect([...met].toSorted()).toEqual([...SCHEMA_RULES].toSorted());
    const sound = (wanted: string) => soundKinds.filter((kind) => kind === wanted).length;
    expect(Math.min(sound('request'), sound('event'))).toBeGreaterThan(50);
  });

  it('of sessions, broken at random', () => {
    fc.assert(
      fc.property(scenario, (inputs) => {
        for (const { kind, value } of inputs) agree({ kind, value });
      }),
      cases(0.15),
    );
  });

  it('of bodies and events in which any value stands anywhere', () => {
    const fields = fc.dictionary(
      fc.constantFrom(...EVENT_FIELDS, 'type', 'Source', 'toString', '__proto__'),
      anything,
      { maxKeys: 4 },
    );
    const [first] = EXAMPLE_BODY.Events;
    const event = fc.oneof(
      fields.map((broken) => ({ ...first, ...broken })),
      fields,
      anything,
    );
    const events = fc.oneof({ weight: 4, arbitrary: fc.array(event, { maxLength: 3 }) }, anything);
    const flaw = fc.dictionary(
      fc.constantFrom('Source', 'Events', 'Completed', 'events', 'valueOf'),
      anything,
      { maxKeys: 2 },
    );
    const body = fc.oneof(
      fc.tuple(events, flaw).map(([Events, broken]) => ({ ...EXAMPLE_BODY, Events, ...broken })),
      flaw,
      anything,
    );
    fc.assert(
      fc.property(event, body, (one, request) => {
        agree({ kind: 'event', value: one });
        agree({ kind: 'request', value: request });
      }),
      cases(),
    );
  });
});

const GUIDS = [
  '126281f8-200e-4c9f-8378-a4870055423b',
  '126281F8-200E-0C9F-F378-A4870055423B',
  '00000000-0000-0000-0000-000000000000',
  '00000000-0000-0000-0000-000000000001',
  '126281f8-200e-4c9f-8378-a4870055423b\n',
  '{126281f8-200e-4c9f-8378-a4870055423b}',
  '126281f8200e4c9f8378a4870055423b',
];
const NUMBERS = [0, -0, 1, -1, 0.5, 1.5, 1e9, 1e9 - 1, 1e11, 1e11 - 1, 1e11 - 0.001, 1e21, 2 ** 53 + 2];
const anything = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom<unknown>(...NUMBERS, Number.POSITIVE_INFINITY, 1.7e308) },
  {
    weight: 4,
    arbitrary: fc.constantFrom<unknown>(...GUIDS, 'Start', 'Stop', 'start', 'Web', 'web', 'Custom'),
  },
  { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
  { weight: 1, arbitrary: fc.constantFrom<unknown>(true, false, null, [], {}) },
);

describe('the JSON Schema', () => {
  it.each([bodyJsonSchema, eventJsonSchema])('is valid 2020-12, examples included: %o', (make) => {
    const { $schema, examples } = make();
    expect($schema).toBe('https://json-schema.org/draft/2020-12/schema');
    const strict = new Ajv2020({ strict: true, validateFormats: true });
    const validate = strict.compile(make());
    for (const example of examples ?? []) expect(validate(example)).toBe(true);
  });

  it('of an event is also reached within that of a body', () => {
    const whole = new Ajv2020();
    whole.addSchema({ ...bodyJsonSchema(), $id: 'https://example.org/body' });
    const ofEvent = whole.getSchema('https://example.org/body#/$defs/event');
    expect(EXAMPLE_BATCH.Events.map((event) => ofEvent?.(event))).not.toContain(false);
    expect(ofEvent?.({ ...EXAMPLE_BATCH.Events[0], Type: 'Pause' })).toBe(false);
  });

  it('is for a reader, too: every property has its description', () => {
    const { properties = {}, $defs = {} } = bodyJsonSchema();
    const described = [...Object.values(properties), ...Object.values($defs.event?.properties ?? {})];
    expect(described).toHaveLength(10);
    for (const property of described) expect(property).toHaveProperty('description');
  });

  it('keeps to its own patterns where $ also matches before a line end, as in Python', () => {
    const id = `${GUIDS[0]}\n`;
    const { properties } = eventJsonSchema();
    const { SessionId } = properties as Record<string, { pattern: string; maxLength: number }>;
    expect(new RegExp(SessionId!.pattern, 'm').test(id)).toBe(true);
    expect(id.length).toBeGreaterThan(SessionId!.maxLength);
  });
});
