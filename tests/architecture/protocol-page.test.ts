import { expect, test } from 'vitest';
import { PAGES, written } from '../../scripts/protocol-page.ts';

test.for(PAGES)('%s says what the schemas say (npm run protocol writes it)', ([file, content]) => {
  expect(written(file)).toBe(content());
});
