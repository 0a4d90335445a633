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
});
