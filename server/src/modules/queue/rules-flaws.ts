import { Category, WEEKDAYS, type QueueRule, type QueueRules, type WrapUpRule } from '@openvtm/protocol';
import type { Flaw, Path } from '../../kernel/data-file.ts';
import { minutesOf } from './hours.ts';

/** What the services of the catalogue ask for: the rules must know every skill of it. */
export type Asked = readonly { serviceId: string; skills: Readonly<Record<string, number>> }[];

/** What a schema can't say: names that nobody has, rules that contradict each other, queues that nobody or nothing reaches. */
export function flawsOf(rules: QueueRules, asked: Asked): Flaw[] {
  return [
    ...nameFlaws(rules, asked),
    ...weightFlaws(rules),
    ...wrapUpFlaws(rules.wrapUp, ['wrapUp']),
    ...rules.queues.flatMap((queue, q) => queueFlaws(rules, queue, ['queues', q])),
    ...coverFlaws(rules),
    ...loopFlaws(rules),
  ];
}

function twice(list: readonly { id: string }[], at: string, what: string): Flaw[] {
  return list.flatMap(({ id }, i) =>
    list.findIndex((one) => one.id === id) < i
      ? [{ path: [at, i, 'id'], words: `the ${what} ${id} is there twice` }]
      : [],
  );
}

function nameFlaws(rules: QueueRules, asked: Asked): Flaw[] {
  const skills = new Set(rules.skills.map(({ id }) => id));
  const flaws = [
    ...twice(rules.skills, 'skills', 'skill'),
    ...twice(rules.groups, 'groups', 'group'),
    ...twice(rules.queues, 'queues', 'queue'),
  ];
  for (const { serviceId, skills: needs } of asked)
    for (const skill of Object.keys(needs))
      if (!skills.has(skill))
        flaws.push({
          path: ['skills'],
          words: `the service ${serviceId} asks for the skill ${skill}, which is not here`,
        });
  const seen = new Map<string, string>();
  rules.groups.forEach(({ id, branches }, g) =>
    branches.forEach((branch, b) => {
      const other = seen.get(branch);
      if (other !== undefined)
        flaws.push({ path: ['groups', g, 'branches', b], words: `the branch ${branch} is in ${other} already` });
      seen.set(branch, id);
    }),
  );
  if (!isTimeZone(rules.timeZone))
    flaws.push({ path: ['timeZone'], words: `${rules.timeZone} is no time zone; one is Asia/Shanghai` });
  return flaws;
}

function isTimeZone(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).format(0) !== '';
  } catch {
    return false;
  }
}

function weightFlaws({ weights: { classes } }: QueueRules): Flaw[] {
  return classes.flatMap((weight, i) =>
    weight > (classes[i - 1] ?? weight)
      ? [{ path: ['weights', 'classes', i], words: `class ${i + 1} weighs more than class ${i}, which goes before it` }]
      : [],
  );
}

function wrapUpFlaws({ mode, seconds }: WrapUpRule, path: Path): Flaw[] {
  const byClock = mode === 'timed' || mode === 'optional-timed';
  if (byClock && seconds === null) return [{ path: [...path, 'seconds'], words: `${mode} needs its seconds` }];
  if (!byClock && seconds !== null)
    return [{ path: [...path, 'seconds'], words: `${mode} is not ended by the clock; write null` }];
  return [];
}

function queueFlaws(rules: QueueRules, queue: QueueRule, at: Path): Flaw[] {
  const flaws = [...stepFlaws(rules, queue, at), ...hourFlaws(queue, at)];
  const groups = new Set(rules.groups.map(({ id }) => id));
  for (const key of ['group', 'staffedBy'] as const) {
    const name = queue[key];
    if (name !== null && !groups.has(name)) flaws.push({ path: [...at, key], words: `there is no group ${name}` });
  }
  for (const skill of Object.keys(queue.requires))
    if (!rules.skills.some(({ id }) => id === skill))
      flaws.push({ path: [...at, 'requires', skill], words: `there is no skill ${skill}` });
  for (const { to, path } of overflowsOf(queue)) {
    if (to === queue.id) flaws.push({ path: [...at, ...path], words: 'a queue does not overflow into itself' });
    else if (!rules.queues.some(({ id }) => id === to))
      flaws.push({ path: [...at, ...path], words: `there is no queue ${to}` });
  }
  if (queue.maxWaitSeconds !== null && queue.choices.length === 0)
    flaws.push({ path: [...at, 'choices'], words: 'a longest wait, but nothing that the customer can do then' });
  if (queue.wrapUp) flaws.push(...wrapUpFlaws(queue.wrapUp, [...at, 'wrapUp']));
  return flaws;
}

function stepFlaws(rules: QueueRules, { steps }: QueueRule, at: Path): Flaw[] {
  const flaws: Flaw[] = [];
  const licences = new Set(rules.skills.filter(({ licence }) => licence).map(({ id }) => id));
  const skills = new Set(rules.skills.map(({ id }) => id));
  steps.forEach((step, s) => {
    const path: Path = [...at, 'steps', s];
    const last = s === steps.length - 1;
    if (last && step.seconds !== null)
      flaws.push({ path: [...path, 'seconds'], words: 'the last step has no end; write null' });
    if (!last && step.seconds === null)
      flaws.push({
        path: [...path, 'seconds'],
        words: 'only the last step has no end; the steps after it are never reached',
      });
    if (step.without !== 'all')
      step.without.forEach((skill, i) => {
        if (!skills.has(skill)) flaws.push({ path: [...path, 'without', i], words: `there is no skill ${skill}` });
        else if (licences.has(skill))
          flaws.push({
            path: [...path, 'without', i],
            words: `${skill} is a licence, and a licence is never loosened`,
          });
      });
    const before = steps[s - 1];
    if (!before) return;
    if (step.lowerBy < before.lowerBy)
      flaws.push({ path: [...path, 'lowerBy'], words: 'asks for more than the step before; steps only loosen' });
    if (before.anyLanguage && !step.anyLanguage)
      flaws.push({ path: [...path, 'anyLanguage'], words: 'asks for the language again; steps only loosen' });
    const { without } = step;
    const back =
      before.without === 'all'
        ? without !== 'all'
        : before.without.find((one) => without !== 'all' && !without.includes(one));
    if (back !== false && back !== undefined)
      flaws.push({
        path: [...path, 'without'],
        words: `asks for ${back === true ? 'skills' : back} again; steps only loosen`,
      });
  });
  return flaws;
}

function hourFlaws(queue: QueueRule, at: Path): Flaw[] {
  const flaws: Flaw[] = [];
  const day = (spans: { from: string; to: string }[], path: Path) =>
    spans.forEach(({ from, to }, i) => {
      if (minutesOf(from) >= minutesOf(to)) flaws.push({ path: [...path, i], words: `${from} is not before ${to}` });
      const before = spans[i - 1];
      if (before && minutesOf(from) < minutesOf(before.to))
        flaws.push({ path: [...path, i], words: `begins before ${before.to}, when the hours before it end` });
    });
  if (queue.hours !== 'always') {
    for (const name of WEEKDAYS) day(queue.hours[name], [...at, 'hours', name]);
    const { hours } = queue;
    if (WEEKDAYS.every((name) => hours[name].length === 0))
      flaws.push({ path: [...at, 'hours'], words: 'it never opens' });
  }
  queue.holidays.forEach(({ date, hours }, h) => {
    day(hours, [...at, 'holidays', h, 'hours']);
    if (queue.holidays.findIndex((one) => one.date === date) < h)
      flaws.push({ path: [...at, 'holidays', h, 'date'], words: `${date} is there twice` });
  });
  return flaws;
}

/** Whether every ticket that would come to `later` is taken by `earlier` before. */
const covers = (earlier: QueueRule, later: QueueRule): boolean =>
  (earlier.group === null || earlier.group === later.group) &&
  (earlier.families.length === 0 ||
    (later.families.length > 0 && later.families.every((family) => earlier.families.includes(family))));

/** Every ticket has a queue, and every queue its tickets. */
function coverFlaws({ queues }: QueueRules): Flaw[] {
  const targets = new Set(queues.flatMap((queue) => overflowsOf(queue).map(({ to }) => to)));
  const flaws: Flaw[] = [];
  queues.forEach((queue, q) => {
    const taker = queues.slice(0, q).find((earlier) => covers(earlier, queue));
    if (taker && !targets.has(queue.id))
      flaws.push({ path: ['queues', q], words: `never reached: ${taker.id} before it takes all of its tickets` });
  });
  const everywhere = queues.filter(({ group }) => group === null);
  for (const family of Category.options)
    if (!everywhere.some(({ families }) => families.length === 0 || families.includes(family)))
      flaws.push({ path: ['queues'], words: `no queue takes ${family} from every branch` });
  return flaws;
}

function overflowsOf({ overflow }: QueueRule): { to: string; path: Path }[] {
  const { closed, nobody, waited } = overflow;
  return [
    ...(closed === undefined ? [] : [{ to: closed, path: ['overflow', 'closed'] }]),
    ...(nobody === undefined ? [] : [{ to: nobody, path: ['overflow', 'nobody'] }]),
    ...(waited === undefined ? [] : [{ to: waited.to, path: ['overflow', 'waited', 'to'] }]),
  ];
}

/** A ticket that overflows comes to an end: no way leads back to a queue that it has left. */
function loopFlaws({ queues }: QueueRules): Flaw[] {
  const done = new Set<string>();
  const flaws: Flaw[] = [];
  const walk = (id: string, way: string[]): void => {
    const q = queues.findIndex((queue) => queue.id === id);
    const queue = queues[q];
    if (!queue || done.has(id)) return;
    for (const { to, path } of overflowsOf(queue)) {
      // Into itself is said already.
      if (to === id) continue;
      if ([...way, id].includes(to))
        flaws.push({ path: ['queues', q, ...path], words: `overflow goes round: ${[...way, id, to].join(' → ')}` });
      else walk(to, [...way, id]);
    }
    done.add(id);
  };
  for (const { id } of queues) walk(id, []);
  return flaws;
}
