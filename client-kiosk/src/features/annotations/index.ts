export { useShownPage } from './shown-page.ts';
