import fc from 'fast-check';
import type { Language, QueueRules } from '@openvtm/protocol';
import { expect, test } from 'vitest';
import { lacksOf } from './eligibility.ts';
import { kindText, laneText, serves } from './lanes.ts';
import { readRules, SHIPPED_NAME, shippedText } from './rules-file.ts';

const NORTH = '00000000-0000-4000-8000-000000000001';
const SOUTH = '00000000-0000-4000-8000-000000000002';
const rules: QueueRules = {
  ...readRules(SHIPPED_NAME, shippedText(), []),
  groups: [{ id: 'north', title: { 'zh-CN': '北', en: 'North' }, branches: [NORTH] }],
};
const skills = fc.dictionary(fc.constantFrom('service', 'cards', 'wealth'), fc.integer({ min: 1, max: 5 }));
const languages = fc.subarray<Language>(['zh-CN', 'en']);

test('a kind serves a lane just when its agents lack nothing of what the lane asks', () => {
  fc.assert(
    fc.property(
      fc.record({ skills, languages, branchId: fc.constantFrom(null, NORTH, SOUTH) }),
      fc.record({
        skills,
        language: fc.constantFrom<Language | null>(null, 'zh-CN', 'en'),
        staffedBy: fc.constantFrom(null, 'north'),
      }),
      (able, conditions) => {
        expect(serves(kindText(able), laneText(rules, conditions))).toBe(lacksOf(rules, able, conditions).length === 0);
      },
    ),
    { numRuns: 500 },
  );
});

test('the order in which skills and languages are named makes no other lane and no other kind', () => {
  const able = { languages: ['en', 'zh-CN'] as Language[], branchId: null };
  expect(kindText({ ...able, skills: { cards: 2, service: 1 } })).toBe(
    kindText({ ...able, languages: ['zh-CN', 'en'], skills: { service: 1, cards: 2 } }),
  );
  const asked = { language: null, staffedBy: null };
  expect(laneText(rules, { ...asked, skills: { cards: 2, service: 1 } })).toBe(
    laneText(rules, { ...asked, skills: { service: 1, cards: 2 } }),
  );
});
