import fc from 'fast-check';

// The same cases in every run, so that main is green or red for a reason; FC_SEED draws others.
fc.configureGlobal({ seed: Number(process.env.FC_SEED ?? 20_261_122) });
