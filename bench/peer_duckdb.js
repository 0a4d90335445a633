// The schema part of `validate` with DuckDB's Node package: `node bench/peer_duckdb.js FOLDER FILE`, FOLDER being where it is installed.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [, , folder, file] = process.argv;
const { resolve } = createRequire(join(folder, 'package.json'));
const { DuckDBInstance } = await import(pathToFileURL(resolve('@duckdb/node-api')).href);

const GUID = '[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}';
const isGuid = (column) => `regexp_full_match(${column}, '${GUID}')`;
const SOUND = [
  isGuid('OrganizationId'),
  isGuid('ClipId'),
  isGuid('SessionId'),
  `Type IN ('Start', 'Stop')`,
  'Position >= 0',
  'SeqNumber >= 1',
  'SeqNumber = floor(SeqNumber)',
  'Timestamp IS NOT NULL',
].join(' AND ');
const COLUMNS = `{OrganizationId: 'VARCHAR', ClipId: 'VARCHAR', SessionId: 'VARCHAR', Type: 'VARCHAR', Position: 'DOUBLE', SeqNumber: 'DOUBLE', Timestamp: 'DOUBLE'}`;

const connection = await (await DuckDBInstance.create(':memory:')).connect();
const counted = await connection.runAndReadAll(
  `SELECT count(*) FILTER (WHERE NOT coalesce(${SOUND}, false)) FROM read_json('${file.replaceAll("'", "''")}', format = 'newline_delimited', columns = ${COLUMNS})`,
);
console.log(String(counted.getRows()[0][0]));
connection.closeSync();
