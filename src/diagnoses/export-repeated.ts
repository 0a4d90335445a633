import type { RepeatedExport } from '../domain/record.js';
import { defineDiagnosis } from './define.js';

/** Rows of a table stand twice: judged by the rows themselves, while they are read (`src/table/plausibility`). */
export const exportRepeated = defineDiagnosis({
  id: 'export-repeated',
  title: 'Rows of a table stand twice: the export was probably appended to itself',
  sees: 'tables: 20 different rows or more stand a second time in the same order, or more rows stand twice word for word than chance explains',
  threshold: 'as in `tables.md`, Plausibility: no false alarm in 20,000 valid tables',
  mend: 'Export again into an empty file, or leave the second copy out: rows without a SessionId count twice.',
  rules: [],
  watch: () => {
    const found: RepeatedExport[] = [];
    return {
      noteRepeatedExport: (repeated) => void found.push(repeated),
      end() {
        const [first] = found;
        if (!first) return null;
        const rows = found.reduce((sum, repeated) => sum + repeated.rows, 0);
        const of = found.reduce((sum, repeated) => sum + repeated.of, 0);
        return { sessions: rows, of, evidence: `${first.message}.`, examples: [] };
      },
    };
  },
});
