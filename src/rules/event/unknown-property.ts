import { escaped } from '../../domain/text.js';
import { bodiesExample, changeOne, exampleBody, MINUTE } from '../../guide/guide.js';
import { BODY_PROPERTIES } from '../../wire/body.js';
import { EVENT_FIELDS } from '../../wire/event.js';
import type { JsonObject } from '../../wire/json.js';
import { defineRule, type ValueProblem } from '../define.js';
import { columnLike, list, pointerTo, ROWS_OR_FIX } from '../words.js';

const EVENT_REFERENCE = 'API-8..13';
const BODY_REFERENCE = 'API-3';

export const unknownProperty = defineRule({
  id: 'unknown-property',
  level: 'event',
  sees: 'json',
  severity: 'warning',
  title: 'A property that the document does not define',
  why: 'What Omny does with other properties is not documented. The value of a misspelt property is lost.',
  mend: 'Send the documented properties only, and keep your own data in your own log.',
  reference: `${BODY_REFERENCE}, ${EVENT_REFERENCE}`,
  check({ fields, bare }, report) {
    if (!fields) return;
    for (const name of undefinedNames(fields, EVENT_FIELDS)) {
      if (bare && name === 'Source') continue;
      const field = EVENT_FIELDS.find(
        (each) => !Object.hasOwn(fields, each) && columnLike(fields, each) === name,
      );
      report({
        ...problem(name, 'event', EVENT_FIELDS, EVENT_REFERENCE),
        ...(field && {
          hint: bare ? `${ROWS_OR_FIX} renames it.` : `Write "${field}": names must match exactly.`,
        }),
      });
    }
  },
  checkBody(body, report) {
    for (const name of undefinedNames(body, BODY_PROPERTIES)) {
      report(problem(name, 'body', BODY_PROPERTIES, BODY_REFERENCE));
    }
  },
  guide: () => ({
    firesWhen:
      'a body or an event has a property that the document does not define. Source is allowed in a bare event. If the name differs only in letter case from a missing property, the finding for the missing property names it instead',
    inferred: 'That other properties have no use: what happens to them is not documented.',
    broken: bodiesExample(exampleBody(changeOne(MINUTE, 1, { Duration: 1312 }))),
    fixed: bodiesExample(exampleBody(MINUTE)),
    shows: ['Type', 'Position', 'SeqNumber'],
  }),
});

/** The object's names that are not in `defined`, and do not spell an absent one in another case. */
function* undefinedNames(object: JsonObject, defined: readonly string[]): Generator<string> {
  for (const name of Object.keys(object)) {
    if (defined.includes(name)) continue;
    const lower = name.toLowerCase();
    const meant = defined.find((known) => known.toLowerCase() === lower);
    if (meant === undefined || Object.hasOwn(object, meant)) yield name;
  }
}

function problem(name: string, of: string, defined: readonly string[], reference: string): ValueProblem {
  return {
    pointer: pointerTo(name),
    expected: `no property but ${list(defined)} in the ${of}`,
    received: `"${escaped(name)}"`,
    reference,
  };
}
