import { DocumentKind } from '@openvtm/protocol';
import { describe, expect, test } from 'vitest';
import { frameOf } from './frames.ts';

describe('the frame over the picture', () => {
  test.for([16 / 9, 4 / 3, 1, 9 / 16])(
    'fits into a picture of shape %d and keeps the shape of the document',
    (video) => {
      const kinds = DocumentKind.options.filter((kind) => frameOf(kind, video) !== null);
      expect(kinds).toHaveLength(DocumentKind.options.length - 1);
      for (const kind of kinds) {
        const { width, height } = frameOf(kind, video)!;
        expect(Math.max(width, height), kind).toBeCloseTo(84);
        expect(Math.min(width, height), kind).toBeGreaterThan(0);
      }
      const card = frameOf('bank-card', video)!;
      expect((card.width / card.height) * video).toBeCloseTo(85.6 / 53.98);
    },
  );

  test('anything may be "other": no frame', () => {
    expect(frameOf('other', 1)).toBeNull();
  });
});
