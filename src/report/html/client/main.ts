import { byId } from '../../../browser/element.js';
import type { PageData } from '../page-data.js';
import { Panels } from './panels.js';
import { makeSortable } from './sorting.js';

const data = JSON.parse(byId('data').textContent ?? '') as PageData;
const table = byId('clips') as HTMLTableElement;

makeSortable(table, (text) => {
  byId('said').textContent = text;
});
new Panels(data, table, byId('graphs')).start();
