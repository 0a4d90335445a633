export { clock, count, grouped, percent } from '../../words.js';
