import { createAppI18n, type Translate } from '@openvtm/ui';
import { expect, it } from 'vitest';
import { messages } from '../../i18n/index.ts';
import { scoreSum, spansOf, whyWords } from './explain.ts';

const t: Translate = createAppI18n(messages, { language: 'en' }).global.t;
const none = { queue: 0, priority: 0, appointment: 0, vip: 0, elder: 0, handBack: 0, waited: 0 };

it('shows points that add up to the sum beside them', () => {
  const { rows, total, without } = scoreSum({ parts: { ...none, priority: 60, elder: 120, waited: 61.4 } });
  expect(rows).toEqual([
    { part: 'waited', points: 61 },
    { part: 'priority', points: 60 },
    { part: 'elder', points: 120 },
  ]);
  expect(total).toBe(rows.reduce((sum, { points }) => sum + points, 0));
  expect(without).toEqual(['queue', 'appointment', 'vip', 'handBack']);
});

it('draws steps one after the other, with the wait among them', () => {
  const { spans, now } = spansOf(
    [
      { begins: 0, state: 'past' },
      { begins: 60, state: 'in-force' },
      { begins: 120, state: 'to-come' },
    ],
    81,
  );
  expect(spans.map(({ n, from, to }) => [n, Math.round(from), Math.round(to)])).toEqual([
    [1, 0, 37],
    [2, 37, 74],
    [3, 74, 100],
  ]);
  expect(Math.round(now)).toBe(50);
});

it('keeps a long wait on the line, and a single step as the whole of it', () => {
  expect(spansOf([{ begins: 0, state: 'in-force' }], 10)).toEqual({
    spans: [{ n: 1, state: 'in-force', from: 0, to: 100 }],
    now: (10 / 60) * 100,
  });
  expect(spansOf([{ begins: 0, state: 'in-force' }], 86_400).now).toBeLessThan(100);
});

it('says why an agent was asked', () => {
  const why = { score: 312.4, step: 1, fits: 0, idleMs: 185_000, preferred: false };
  expect(whyWords(why, { t })).toBe('has all that is asked, free for 3 min 5 s');
  expect(whyWords({ ...why, idleMs: 40 }, { t })).toBe('has all that is asked, has just become free');
  expect(whyWords({ ...why, fits: 1 }, { t, long: true })).toBe(
    'fits from step 2 on, free for 3 min 5 s, step 2 was in force, score 312',
  );
  expect(whyWords({ ...why, step: null, fits: null, preferred: true }, { t })).toBe(
    'the customer’s own or last agent, asked first, free for 3 min 5 s',
  );
});
