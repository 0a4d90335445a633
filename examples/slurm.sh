#!/bin/sh
#SBATCH --job-name=plays
#SBATCH --array=1-4
#SBATCH --output=plays-%a.log
# Each task sends its quarter. To retry, submit the whole array again: the ledgers know what was delivered.
npx omny-consume send --endpoint omny --yes --ledger omny.ledger --rate 2 --shard auto plays.csv
