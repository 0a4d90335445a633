/** What a row of a CSV file may be. */
export const CSV_SHAPES = ['sessions', 'events'] as const;
export type CsvShape = (typeof CSV_SHAPES)[number];
