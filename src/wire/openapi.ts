import * as z from 'zod/mini';
import type { RuleId } from '../domain/finding.js';
import {
  bodySchema,
  ENDPOINT_ORIGIN,
  ENDPOINT_PATH,
  ORGANIZATION_PARAMETER,
  responseSchema,
} from './body.js';
import { EXAMPLE_BATCH, EXAMPLE_BODY, EXAMPLE_ORGANIZATION } from './contract.js';
import { eventSchema, guidSchema } from './event.js';

/** A JSON Schema (2020-12), as data. */
export type JsonSchema = z.core.JSONSchema.BaseSchema;

/**
 * The rules that a JSON Schema can express: the schema rejects a request body exactly if one of these rules finds
 * something. The same applies to an event, except for the `Source` of a bare event, which is this program's addition. A
 * schema cannot compare two values (`session-id-shared`) or look at other events, and it rejects nothing that only
 * causes a warning.
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
const COMMENT = `Rejects data in which these rules of omny-consume find an error: ${SCHEMA_RULES.join(', ')}. omny-consume validate checks more.`;

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

/** The definition of a request body without its dialect. @param eventReference The reference to the definition of an event. */
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

/** Any schema of `wire` as JSON Schema without its dialect. */
export function definitionOf(definition: z.ZodMiniType): JsonSchema {
  const { $schema: _, ...schema } = z.toJSONSchema(definition, { io: 'input' });
  return schema;
}

/** An OpenAPI 3.1 document, as data. */
export type OpenApi = Readonly<Record<string, unknown>>;

const SCHEMAS = '#/components/schemas/';

/**
 * The endpoint as an OpenAPI 3.1 document (API-1 to API-6), with examples.
 * @param version The version of this program, because the API has no version.
 */
export function openApi(version: string): OpenApi {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Omny Studio consumption analytics',
      version,
      summary: 'Where players report how a clip was listened to',
      description:
        'Made by omny-consume from Omny Studio’s help page “Consumption analytics API for third-party players (beta)”; not published by Omny Studio. That page documents no answer other than 200.',
    },
    servers: [{ url: ENDPOINT_ORIGIN }],
    security: [],
    tags: [{ name: 'consumption', description: 'Reports of listening' }],
    paths: { [ENDPOINT_PATH]: { post: operation() } },
    components: {
      schemas: {
        ConsumptionRequest: bodyDefinition(`${SCHEMAS}TrackConsumptionEvent`),
        TrackConsumptionEvent: eventDefinition(),
        ConsumptionResponse: definitionOf(responseSchema()),
      },
    },
  };
}

function operation(): OpenApi {
  return {
    operationId: 'sendConsumptionEvents',
    tags: ['consumption'],
    summary: 'Send completed listening sessions of one organization',
    description:
      'Send each session once, when it can have no further event: playback has ended, the clip was changed or the app was closed. Do not send it on a pause. One request can have several sessions. Results show in Omny Studio after up to 10 minutes; sessions of less than 10 seconds are filtered out.',
    parameters: [
      {
        name: ORGANIZATION_PARAMETER,
        in: 'query',
        required: true,
        description: 'GUID of the organization, the OrganizationId of all events',
        schema: definitionOf(guidSchema()),
        example: EXAMPLE_ORGANIZATION,
      },
    ],
    requestBody: {
      required: true,
      content: jsonContent('ConsumptionRequest', {
        session: { summary: 'One session', value: EXAMPLE_BODY },
        batch: { summary: 'Two sessions in one request', value: EXAMPLE_BATCH },
      }),
    },
    responses: {
      200: {
        description: 'Accepted if Enabled is true. If it is false, consumption analytics is switched off',
        content: jsonContent('ConsumptionResponse', {
          enabled: { summary: 'Taken', value: { Enabled: true } },
          disabled: { summary: 'Switched off: stop submitting', value: { Enabled: false } },
        }),
      },
    },
  };
}

function jsonContent(name: string, examples: JsonSchema): OpenApi {
  return { 'application/json': { schema: { $ref: `${SCHEMAS}${name}` }, examples } };
}
