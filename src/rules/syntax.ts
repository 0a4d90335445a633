import { exampleBody, MINUTE } from '../guide/guide.js';
import { defineRule } from './define.js';

/** What the readers could not parse; they report it themselves, as `SyntaxRecord`s. */
export const syntax = defineRule({
  id: 'syntax',
  level: 'syntax',
  severity: 'error',
  title: 'A document, line or row cannot be parsed',
  why: 'What cannot be read cannot be checked or sent: its listening would be lost.',
  mend: 'Write the file with a JSON or CSV library instead of by hand, and check that it was copied whole.',
  reference: '',
  guide: () => {
    const text = `${JSON.stringify(exampleBody(MINUTE))}\n`;
    return {
      firesWhen:
        'a document, line or CSV row cannot be parsed; the rest of an NDJSON or CSV input is still read',
      inferred: 'The document asks for a JSON body; of files it says nothing.',
      broken: {
        kind: 'text',
        format: 'json',
        text: text.replace(']', ',]'),
        shown: '{"Source": "CustomWeb", "Events": [{…}, {…},], "Completed": true}',
      },
      mended: {
        kind: 'text',
        format: 'json',
        text,
        shown: '{"Source": "CustomWeb", "Events": [{…}, {…}], "Completed": true}',
      },
      shows: [],
      code: `const body = JSON.stringify({ Source: 'CustomWeb', Events: queue, Completed: true });`,
    };
  },
});
