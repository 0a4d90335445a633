import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, it } from 'vitest';
import { check } from '../../src/check.js';
import { openApi } from '../../src/wire/openapi.js';
import { NOW } from '../rules/fixtures.js';

/** As much of an OpenAPI document as is looked at. */
interface Resolved {
  readonly paths: Readonly<Record<string, { readonly post: Operation }>>;
}
interface Content {
  readonly content: {
    readonly 'application/json': {
      readonly schema: object;
      readonly examples: Readonly<Record<string, { readonly value: unknown }>>;
    };
  };
}
interface Operation {
  readonly parameters: readonly {
    readonly name: string;
    readonly schema: object;
    readonly example: string;
  }[];
  readonly requestBody: Content;
  readonly responses: Readonly<Record<string, Content>>;
}

const document = openApi('1.2.3');

async function resolved(): Promise<Operation> {
  const validator = new Validator();
  const { valid, errors } = await validator.validate(structuredClone(document));
  expect(errors).toBeUndefined();
  expect([valid, validator.version]).toEqual([true, '3.1']);
  const { paths } = validator.resolveRefs() as unknown as Resolved;
  expect(Object.keys(paths)).toEqual(['/api/consumption/events']);
  return Object.values(paths)[0]!.post;
}

it('is a valid OpenAPI 3.1 document', async () => {
  const { parameters, responses } = await resolved();
  expect(parameters.map(({ name }) => name)).toEqual(['organizationId']);
  expect(Object.keys(responses)).toEqual(['200']);
});

it('is found to be broken where it is', async () => {
  const { paths: _, ...rest } = document;
  const { valid } = await new Validator().validate({ ...rest, paths: { events: { post: {} } } });
  expect(valid).toBe(false);
});

it('refers only to schemas that it holds', () => {
  const text = JSON.stringify(document);
  const { schemas } = document.components as { schemas: object };
  const referred = [...text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name);
  expect(new Set(referred)).toEqual(new Set(Object.keys(schemas)));
  expect(text.match(/"\$ref":/g)).toHaveLength(referred.length);
});

it('has examples that its own schemas allow and in which no rule finds anything', async () => {
  const { parameters, requestBody, responses } = await resolved();
  const ajv = new Ajv2020({ allErrors: true });
  for (const { content } of [requestBody, responses['200']!]) {
    const { schema, examples } = content['application/json'];
    const validate = ajv.compile(schema);
    for (const { value } of Object.values(examples))
      expect(validate(value), JSON.stringify(value)).toBe(true);
  }
  const bodies = Object.values(requestBody.content['application/json'].examples);
  for (const { value } of bodies) expect(check(value, { now: NOW }).findings).toEqual([]);
  for (const { schema, example } of parameters) expect(ajv.compile(schema)(example)).toBe(true);
});
