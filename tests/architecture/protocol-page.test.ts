import { expect, test } from 'vitest';
import { protocolPage, writtenPage } from '../../scripts/protocol-page.ts';

test('PROTOCOL.md says what the schemas say (npm run protocol writes it)', () => {
  expect(writtenPage()).toBe(protocolPage());
});
