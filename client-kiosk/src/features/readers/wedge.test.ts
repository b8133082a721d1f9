import { expect, test } from 'vitest';
import { createBurst } from './wedge.ts';

/** Keys at a clock that the test turns. */
function bench() {
  const lines: string[] = [];
  const typed: string[] = [];
  const passed: string[] = [];
  const burst = createBurst({ line: (text) => lines.push(text), giveBack: (text) => typed.push(text) });
  let at = 1000;
  return {
    lines,
    typed,
    passed,
    press(keys: Iterable<string>, every: number) {
      for (const key of keys) {
        at += every;
        if (burst.due !== null && burst.due < at) burst.rested();
        if (burst.press({ key, at }) === 'pass') passed.push(key);
      }
    },
    wait(ms: number) {
      at += ms;
      if (burst.due !== null && burst.due < at) burst.rested();
    },
    get due() {
      return burst.due;
    },
  };
}
const LINE = "ID|李𠮷 O'Neil|11010519491231002X";

test('a burst that ends with Enter is a line, and none of it goes on to the page', () => {
  const { press, lines, typed, passed } = bench();
  press([...LINE, 'Enter'], 4);
  expect(lines).toEqual([LINE]);
  expect(typed).toEqual([]);
  expect(passed).toEqual([]);
});

test('two cards one after the other are two lines', () => {
  const { press, lines } = bench();
  press([...'6222021001110001994', 'Enter', ...'6222021001110019004', 'Enter'], 10);
  expect(lines).toEqual(['6222021001110001994', '6222021001110019004']);
});

test('what a person types is given back, key by key', () => {
  const { press, wait, lines, typed, passed } = bench();
  press([...'13800138000'], 90);
  wait(50);
  expect(typed.join('')).toBe('13800138000');
  press(['Enter'], 90);
  expect(passed).toEqual(['Enter']);
  expect(lines).toEqual([]);
});

test('two keys of quick fingers are no card', () => {
  const { press, wait, typed, lines } = bench();
  press([...'an'], 15);
  wait(50);
  press([...'ni'], 15);
  wait(50);
  expect(typed).toEqual(['an', 'ni']);
  expect(lines).toEqual([]);
});

test('a few quick keys and Enter are a person’s, and the Enter goes on', () => {
  const { press, typed, passed } = bench();
  press([...'1234', 'Enter'], 20);
  expect(typed).toEqual(['1234']);
  expect(passed).toEqual(['Enter']);
});

test('a burst that breaks off is a card that was not read, and is not typed', () => {
  const { press, wait, lines, typed } = bench();
  press([...'1101051949123'], 5);
  wait(50);
  expect(lines).toEqual(['']);
  expect(typed).toEqual([]);
});

test('a line without an end is dropped, and the next one is read', () => {
  const made = bench();
  made.press([...'9'.repeat(5000), 'Enter', ...'6222021001110001994', 'Enter'], 3);
  expect(made.lines).toEqual(['', '6222021001110001994']);
  expect(made.typed).toEqual([]);
  expect(made.due).toBeNull();
});

test('a card after a key of a person’s is still read', () => {
  const { press, lines, typed } = bench();
  press(['a'], 200);
  press([...LINE, 'Enter'].slice(0, 1), 60);
  press([...LINE, 'Enter'].slice(1), 4);
  expect(typed).toEqual(['a']);
  expect(lines).toEqual([LINE]);
});
