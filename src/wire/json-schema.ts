import * as z from 'zod/mini';
import type { RuleId } from '../domain/finding.js';
import { bodySchema } from './body.js';
import { eventSchema } from './event.js';
import { EXAMPLE_BODY } from './example.js';

/** A JSON Schema (2020-12), as data. */
export type JsonSchema = z.core.JSONSchema.BaseSchema;

/**
 * The rules that a JSON Schema can say: it refuses a body exactly where one of these finds something, and so for an event, but for the `Source`
 * of a bare event, which is ours. It compares no two values (`session-id-shared`), sees no other event, and refuses nothing that only draws a
 * warning.
 */
export const SCHEMA_RULES = [
  'request-shape',
  'source-unknown',
  'events-empty',
  'not-completed',
  'missing-field',
  'field-type',
  'guid-format',
  'guid-empty',
  'type-unknown',
  'position-range',
  'seq-range',
  'timestamp-unit',
] as const satisfies readonly RuleId[];

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';
const COMMENT = `Refuses what these rules of omny-consume find: ${SCHEMA_RULES.join(', ')}. omny-consume validate checks more.`;

/** The JSON Schema of a request body; that of an event is its `$defs.event`. */
export function bodyJsonSchema(): JsonSchema {
  return {
    $schema: DIALECT,
    $comment: COMMENT,
    title: 'Omny Studio consumption request',
    ...bodyDefinition('#/$defs/event'),
    examples: [EXAMPLE_BODY],
    $defs: { event: eventDefinition() },
  };
}

/** The JSON Schema of one event. */
export function eventJsonSchema(): JsonSchema {
  return {
    $schema: DIALECT,
    $comment: COMMENT,
    title: 'Omny Studio consumption event',
    ...eventDefinition(),
    examples: EXAMPLE_BODY.Events.slice(0, 1),
  };
}

/**
 * A body's definition without its dialect.
 * @param eventReference Where the definition of an event stands.
 */
export function bodyDefinition(eventReference: string): JsonSchema {
  const body = definitionOf(bodySchema());
  const { Events: events } = body.properties as Record<string, JsonSchema>;
  const Events = { ...events, items: { $ref: eventReference } };
  return { ...body, properties: { ...body.properties, Events } };
}

/** An event's definition without its dialect. */
export function eventDefinition(): JsonSchema {
  return definitionOf(eventSchema());
}

/** Any definition of the wire, as JSON Schema without its dialect. */
export function definitionOf(definition: z.ZodMiniType): JsonSchema {
  const { $schema: _, ...schema } = z.toJSONSchema(definition, { io: 'input' });
  return schema;
}
