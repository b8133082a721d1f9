export { createTrail } from './trail.ts';
