import { expect, test } from 'vitest';
import { isShut, targetsIn } from './transfer-targets.ts';

const title = (name: string) => ({ 'zh-CN': `${name}中`, en: name });
const SHOWN = {
  anybody: { onDuty: 1, ready: 1 },
  skills: [
    { id: 'wealth', title: title('Wealth'), licence: true, onDuty: 0, ready: 0 },
    { id: 'cards', title: title('Cards'), licence: false, onDuty: 2, ready: 1 },
  ],
  queues: [
    { id: 'corporate', title: title('Corporate'), closed: { opensAt: null }, onDuty: 3, ready: 3 },
    { id: 'personal', title: title('Personal'), closed: null, onDuty: 3, ready: 0 },
  ],
};

test('what has somebody there comes first, by its name in the language of the desk', () => {
  const { skills, queues } = targetsIn(SHOWN, ({ en }) => en);
  expect(skills.map(({ name }) => name)).toEqual(['Cards', 'Wealth']);
  expect(queues.map(({ key }) => key)).toEqual(['queue:personal', 'queue:corporate']);
  expect(targetsIn(SHOWN, (text) => text['zh-CN']).skills[0]?.name).toBe('Cards中');
});

test('shut is what is closed, and what nobody on duty could serve; busy is not', () => {
  const { skills, queues } = targetsIn(SHOWN, ({ en }) => en);
  expect([...skills, ...queues].map(isShut)).toEqual([false, true, false, true]);
});
