export function withRules(page: string, rules: readonly object[]): string;
export function withDiagnoses(page: string, diagnoses: readonly object[]): string;
export function withShapes(page: string, shapes: readonly object[]): string;
export function withBehaviours(page: string, behaviours: readonly object[]): string;
