import { body, MINUTE } from './data.js';
import type { RuleGuide } from './define.js';

const TEXT = `${JSON.stringify(body(MINUTE))}\n`;

export const syntax: RuleGuide = {
  firesWhen: 'a document, line or CSV row cannot be parsed; the rest of an NDJSON or CSV input is still read',
  inferred: 'The document asks for a JSON body; of files it says nothing.',
  broken: {
    kind: 'text',
    format: 'json',
    text: TEXT.replace(']', ',]'),
    shown: '{"Source": "CustomWeb", "Events": [{…}, {…},], "Completed": true}',
  },
  mended: {
    kind: 'text',
    format: 'json',
    text: TEXT,
    shown: '{"Source": "CustomWeb", "Events": [{…}, {…}], "Completed": true}',
  },
  shows: [],
  code: `const body = JSON.stringify({ Source: 'CustomWeb', Events: queue, Completed: true });`,
};
