export const OUTPUT_FORMATS = ['ndjson', 'json', 'csv', 'bodies'] as const;
export type OutputFormat = (typeof OUTPUT_FORMATS)[number];
