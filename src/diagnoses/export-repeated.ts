import type { RepeatedExport } from '../domain/record.js';
import { defineDiagnosis } from './define.js';

/** Rows of a table stand twice: judged by the rows themselves, while they are read (`src/table/plausibility`). */
export const exportRepeated = defineDiagnosis({
  id: 'export-repeated',
  title: 'Rows of a table stand twice: the export was probably appended to itself',
  sees: 'tables: 20 different rows or more stand a second time in the same order, or more rows stand twice word for word than chance explains',
  threshold:
    'In the same order: 20 rows, or half of a table of 6 rows or more. Word for word: at least 3 rows and 1 % of those whose other cells are rare, and more than rows that differ only in a near StartedAt explain.',
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
