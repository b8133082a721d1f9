import type { PaperView } from '@openvtm/protocol';
import { expect, test } from 'vitest';
import { newestFile, openTemplates } from './shown.ts';

const paper = (state: PaperView['state'], template = 'a') => ({ template, sha256: 'read', state }) as PaperView;

test('what is looked at and countersigned is the newest there is', () => {
  expect(newestFile(paper({ at: 'shown', furthest: 3 }))).toEqual({ file: 'read', sha256: 'read' });
  expect(newestFile(paper({ at: 'confirmed', since: 1, sha256: 'b', waitsFor: ['agent'] }))).toEqual({
    file: 'signed',
    sha256: 'b',
  });
  expect(newestFile(paper({ at: 'sealed', since: 1, sha256: 'c', stampedAt: null }))).toEqual({
    file: 'sealed',
    sha256: 'c',
  });
});

test('a paper is offered to be made until it is there, and again when it was refused or taken back', () => {
  const all = [{ id: 'a' }, { id: 'b' }];
  expect(openTemplates(all, [])).toEqual(all);
  expect(openTemplates(all, [paper({ at: 'made' })])).toEqual([{ id: 'b' }]);
  expect(openTemplates(all, [paper({ at: 'refused', since: 1 }), paper({ at: 'withdrawn', since: 1 })])).toEqual(all);
});
