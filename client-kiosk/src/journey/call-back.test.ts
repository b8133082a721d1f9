import { describe, expect, test } from 'vitest';
import { isCallBackShown, isPromised, keptPlaceOf, knownNumber, maskedNumber } from './call-back.ts';
import { aCase, aTicket, service } from './samples.test-data.ts';

const value = (name: string, text: string) => ({
  name,
  value: text,
  origin: 'customer' as const,
  revision: 1,
  changed: null,
});
const place = { code: 'ABCD-2345', keptUntil: 9, phone: '138****8000' };

describe('a customer who wants to be called', () => {
  const waiting = aCase('waiting');
  const offered = aTicket({ choices: ['wait-on', 'call-back'] });
  const number = { at: 'number' } as const;

  test('enters a number as long as that is offered, and no teller comes', () => {
    expect(isCallBackShown(number, waiting, offered)).toBe(true);
    expect(isCallBackShown(number, waiting, aTicket({ choices: ['wait-on'] }))).toBe(false);
    expect(isCallBackShown(number, waiting, aTicket({ at: 'coming', choices: ['call-back'] }))).toBe(false);
    expect(isCallBackShown(number, aCase('alone'), offered)).toBe(false);
    expect(isCallBackShown(number, null, null)).toBe(false);
  });

  test('waits for the answer while the case goes off this kiosk, unless a teller was faster', () => {
    const asking = { at: 'asking' } as const;
    expect(isCallBackShown(asking, waiting, null)).toBe(true);
    expect(isCallBackShown(asking, null, null)).toBe(true);
    expect(isCallBackShown(asking, aCase('serving'), null)).toBe(false);
  });

  test('sees the code until the next case is here', () => {
    expect(isCallBackShown({ at: 'kept', place }, null, null)).toBe(true);
    expect(isCallBackShown({ at: 'kept', place }, aCase('consent'), null)).toBe(false);
  });

  test('is not wiped away by the end of the case at this kiosk, once it was asked for', () => {
    expect([null, number, { at: 'asking' } as const, { at: 'kept', place } as const].map(isPromised)).toEqual([
      false,
      false,
      true,
      true,
    ]);
  });
});

describe('the number', () => {
  test('of the form is offered to be checked, when there is one and it is plain', () => {
    expect(knownNumber(aCase('waiting', { values: [value('phone', '13800138000')] }))).toBe('13800138000');
    expect(knownNumber(aCase('waiting', { values: [value('fullName', '13800138000')] }))).toBeNull();
    expect(knownNumber(aCase('waiting', { values: [value('phone', '•••••••8000')] }))).toBeNull();
    expect(knownNumber(aCase('waiting'))).toBeNull();
  });

  test('of two the customer alone knows which', () => {
    const { form } = service();
    const { phone } = form.schema.properties;
    if (!phone) throw new Error('no phone in the form');
    const two = service({
      form: {
        schema: { ...form.schema, properties: { ...form.schema.properties, note: phone } },
        ui: form.ui,
      },
    });
    const at = (other: string) =>
      knownNumber(aCase('waiting', { service: two, values: [value('phone', '13800138000'), value('note', other)] }));
    expect(at('13911112222')).toBeNull();
    expect(at('13800138000')).toBe('13800138000');
  });

  test.each([
    ['13800138000', '138****8000'],
    ['+4915112345678', '+49****5678'],
    ['+1234567', '+12****67'],
  ])('%s is shown as %s', (number, shown) => {
    expect(maskedNumber(number)).toBe(shown);
  });
});

test('over a reload the code and its time are known, and the number is not', () => {
  const kept = JSON.stringify({ code: place.code, keptUntil: place.keptUntil });
  expect(keptPlaceOf(kept)).toEqual({ ...place, phone: null });
  for (const other of [null, '', 'x', '{}', JSON.stringify({ ...place, code: '<b>' })])
    expect(keptPlaceOf(other)).toBeNull();
});
