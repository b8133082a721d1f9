import type { QueueRule, QueueRules } from '@openvtm/protocol';
import { completed, type Day } from './day.ts';
import type { Able, Conditions, Routing, Scored } from './routing.ts';

/** What became of one customer under some rules. */
export type Outcome = {
  at: number;
  queueId: string;
  waitedMs: number;
  end: 'answered' | 'abandoned' | 'left-waiting';
  /** Offers that rang and were not answered. */
  reOffers: number;
};
export type Simulated = {
  outcomes: Outcome[];
  /** ms that agents were on duty, and of that with customers: ringing, talking, wrapping up. */
  onDutyMs: number;
  busyMs: number;
};

type Waiting = Scored & {
  comer: ReturnType<typeof completed>[number];
  entered: QueueRule;
  queue: QueueRule;
  steps: Conditions[];
  reOffers: number;
  answerMs: number;
  givesUpAt: number;
  state: 'waiting' | 'offered' | 'gone';
};
type Agent = {
  staffId: string;
  able: Able;
  until: number;
  idleSince: number;
  restUntil: number;
  state: 'ready' | 'busy';
};
type Event = { at: number; order: number; run: () => void };

/** A queue of things to come, the earliest first; equal ones in the order in which they were put in. */
function createAgenda() {
  const heap: Event[] = [];
  let order = 0;
  const before = (a: Event, b: Event) => a.at < b.at || (a.at === b.at && a.order < b.order);
  const swap = (i: number, j: number) => {
    const [a, b] = [heap[i], heap[j]];
    if (a && b) [heap[i], heap[j]] = [b, a];
  };
  const isBefore = (i: number, j: number) => {
    const [a, b] = [heap[i], heap[j]];
    return a !== undefined && b !== undefined && before(a, b);
  };
  return {
    put(at: number, run: () => void) {
      heap.push({ at, order: (order += 1), run });
      for (let i = heap.length - 1; i > 0 && isBefore(i, (i - 1) >> 1); i = (i - 1) >> 1) swap(i, (i - 1) >> 1);
    },
    take(): Event | undefined {
      const first = heap[0];
      const last = heap.pop();
      if (last && heap.length > 0) {
        heap[0] = last;
        for (let i = 0; ;) {
          const least = [i * 2 + 1, i * 2 + 2].reduce((low, child) => (isBefore(child, low) ? child : low), i);
          if (least === i) break;
          swap(i, least);
          i = least;
        }
      }
      return first;
    },
  };
}

/** How long wrap-up takes under a rule, for an agent who would take so long. */
function wrapUpUnder({ wrapUp }: { wrapUp: QueueRules['wrapUp'] }, takesMs: number): number {
  if (wrapUp.mode === 'none') return 0;
  return wrapUp.seconds === null || wrapUp.mode === 'until-done' || wrapUp.mode === 'optional'
    ? takesMs
    : Math.min(takesMs, wrapUp.seconds * 1000);
}

/**
 * Runs a day's customers and agents through rules, event by event. Which queue, which step, who may, who first: all by
 * the queue's own functions. An agent lets it ring as long as then; longer than an offer lasts: it goes back, unanswered.
 */
export function simulate(day: Day, rules: QueueRules, routing: Routing): Simulated {
  const agenda = createAgenda();
  const waiting = new Set<Waiting>();
  const agents = new Map<string, Agent>();
  const outcomes: Outcome[] = [];
  let [now, busyMs, onDutyMs] = [day.from, 0, 0];
  const offerMs = rules.offers.seconds * 1000;

  // What is the same is one object, so that whether one fits the other is worked out once.
  const ables = new Map<string, Able>();
  const asked = new Map<string, Conditions[]>();
  const answers = new Map<Conditions, Map<Able, boolean>>();
  const onDuty = new Map<Able, number>();
  const ableOf = (able: Able): Able => {
    const key = JSON.stringify(able);
    const known = ables.get(key) ?? able;
    ables.set(key, known);
    return known;
  };
  const conditionsOf = (queue: QueueRule, { skills, language }: Waiting['comer']): Conditions[] => {
    const key = JSON.stringify([queue.id, skills, language]);
    const known = asked.get(key) ?? routing.conditionsOf(rules, queue, { skills, language });
    asked.set(key, known);
    return known;
  };
  const serves = (able: Able, conditions: Conditions): boolean => {
    const byAble = answers.get(conditions) ?? new Map<Able, boolean>();
    answers.set(conditions, byAble);
    const known = byAble.get(able);
    if (known !== undefined) return known;
    const fits = routing.lacksOf(rules, able, conditions).length === 0;
    byAble.set(able, fits);
    return fits;
  };
  const somebody = (conditions: Conditions) => {
    for (const [able, count] of onDuty) if (count > 0 && serves(able, conditions)) return true;
    return false;
  };
  const hasSomebody = (ticket: Waiting) => (queue: QueueRule) => conditionsOf(queue, ticket.comer).some(somebody);
  const enter = (agent: Agent) => {
    agents.set(agent.staffId, agent);
    onDuty.set(agent.able, (onDuty.get(agent.able) ?? 0) + 1);
  };
  const leave = (agent: Agent) => {
    agents.delete(agent.staffId);
    onDuty.set(agent.able, (onDuty.get(agent.able) ?? 1) - 1);
  };

  const place = (ticket: Waiting) => {
    const at = { joinedAt: ticket.joinedAt, now, hasSomebody: hasSomebody(ticket) };
    const { queue } = routing.routeNow(rules, ticket.entered, at);
    if (queue === ticket.queue && ticket.steps.length > 0) return;
    ticket.queue = queue;
    ticket.queueId = queue.id;
    ticket.steps = conditionsOf(queue, ticket.comer);
  };

  const end = (ticket: Waiting, how: Outcome['end']) => {
    ticket.state = 'gone';
    waiting.delete(ticket);
    outcomes.push({
      at: ticket.joinedAt,
      queueId: ticket.queueId,
      waitedMs: Math.max(0, now - ticket.joinedAt),
      end: how,
      reOffers: ticket.reOffers,
    });
  };

  const free = (agent: Agent) => {
    if (now >= agent.until) leave(agent);
    else {
      agent.state = 'ready';
      agent.idleSince = now;
      match();
    }
  };

  const offer = (ticket: Waiting, agent: Agent) => {
    ticket.state = 'offered';
    agent.state = 'busy';
    const began = now;
    if (ticket.answerMs > offerMs) {
      agenda.put(now + offerMs, () => {
        busyMs += now - began;
        agent.restUntil = now + rules.offers.backOff.unanswered * 1000;
        ticket.answerMs = Math.min(offerMs, 4_000);
        ticket.reOffers += 1;
        if (ticket.state === 'offered') ticket.state = 'waiting';
        agenda.put(agent.restUntil, match);
        free(agent);
        match();
      });
      return;
    }
    agenda.put(now + ticket.answerMs, () => {
      if (ticket.state === 'gone') {
        busyMs += now - began;
        free(agent);
        return;
      }
      const { talkMs, wrapUpMs } = ticket.comer;
      const wrapUp = wrapUpUnder({ wrapUp: ticket.queue.wrapUp ?? rules.wrapUp }, wrapUpMs);
      end(ticket, 'answered');
      agenda.put(now + talkMs + wrapUp, () => {
        busyMs += now - began;
        free(agent);
      });
    });
  };

  /**
   * The agent for a ticket: the preferred one alone at first; then, of those who fulfil the step in force, who fulfils
   * the strictest, and of these the one idle longest. `ready` is in the order of idling.
   */
  const takerOf = (ticket: Waiting, ready: readonly Agent[]): Agent | undefined => {
    const { preferredStaffId, at } = ticket.comer;
    const alone = preferredStaffId !== null && now < at + rules.preferredSeconds * 1000 && agents.has(preferredStaffId);
    const step = routing.stepInForce(ticket.queue, Math.max(0, now - ticket.joinedAt), (one) => {
      const conditions = ticket.steps[one];
      return conditions !== undefined && somebody(conditions);
    });
    const conditions = ticket.steps[step];
    if (conditions === undefined) return undefined;
    const firstStep = ({ able }: Agent) => ticket.steps.findIndex((one) => serves(able, one));
    return ready
      .filter(({ staffId, able }) => serves(able, conditions) && (!alone || staffId === preferredStaffId))
      .reduce<Agent | undefined>((best, one) => (best && firstStep(best) <= firstStep(one) ? best : one), undefined);
  };

  function match(): void {
    const ready = [...agents.values()]
      .filter((agent) => agent.state === 'ready' && agent.restUntil <= now && now < agent.until)
      .toSorted((a, b) => a.idleSince - b.idleSince);
    if (ready.length === 0) return;
    const open = [...waiting].filter(
      (ticket) => ticket.state === 'waiting' && routing.isOpen(ticket.queue, rules.timeZone, now),
    );
    const inOrder = open
      .map((ticket) => ({ ticket, rank: routing.rankOf(rules, ticket, now) }))
      .toSorted((a, b) => a.rank - b.rank);
    for (const { ticket } of inOrder) {
      const agent = takerOf(ticket, ready);
      if (!agent) continue;
      ready.splice(ready.indexOf(agent), 1);
      offer(ticket, agent);
      if (ready.length === 0) return;
    }
  }

  /** What waits is looked at anew: a step loosens, an overflow is due, a queue opens, an appointment begins to count. */
  const look = (ticket: Waiting) => () => {
    if (ticket.state === 'gone') return;
    place(ticket);
    match();
  };
  const everyone = () => {
    for (const ticket of waiting) place(ticket);
    match();
  };

  const join = (comer: Waiting['comer']) => {
    const entered = routing.queueFor(rules, comer);
    const ticket: Waiting = {
      ...comer,
      comer,
      queueId: entered.id,
      joinedAt: comer.at,
      entered,
      queue: entered,
      steps: [],
      reOffers: 0,
      givesUpAt: comer.at + comer.patienceMs,
      state: 'waiting',
    };
    waiting.add(ticket);
    place(ticket);
    agenda.put(ticket.givesUpAt, () => {
      if (ticket.state !== 'gone') end(ticket, 'abandoned');
    });
    const looks = new Set<number>();
    for (const queue of rules.queues) {
      queue.steps.forEach((_, step) => looks.add(comer.at + routing.stepBegins(queue, step)));
      if (queue.overflow.waited) looks.add(comer.at + queue.overflow.waited.seconds * 1000);
    }
    if (comer.preferredStaffId) looks.add(comer.at + rules.preferredSeconds * 1000);
    if (comer.appointmentAt !== null) looks.add(comer.appointmentAt - rules.appointment.early * 1000);
    for (const at of looks) if (at > now && at < ticket.givesUpAt) agenda.put(at, look(ticket));
    match();
  };

  for (const comer of completed(day)) agenda.put(comer.at, () => join(comer));
  for (const shift of day.shifts) {
    onDutyMs += shift.until - shift.from;
    agenda.put(shift.from, () => {
      const here = agents.get(shift.staffId);
      if (here) here.until = Math.max(here.until, shift.until);
      else enter({ ...shift, able: ableOf(shift.able), idleSince: now, restUntil: 0, state: 'ready' });
      everyone();
    });
    agenda.put(shift.until, () => {
      const here = agents.get(shift.staffId);
      if (here?.state === 'ready' && now >= here.until) leave(here);
      everyone();
    });
  }
  for (const queue of rules.queues) {
    for (let at = day.from; at < day.until;) {
      const opens = routing.nextOpening(queue, rules.timeZone, at);
      if (opens === null || opens >= day.until) break;
      if (opens > at) agenda.put(opens, everyone);
      at = opens + 15 * 60_000;
    }
  }

  for (let event = agenda.take(); event && event.at < day.until; event = agenda.take()) {
    now = Math.max(now, event.at);
    event.run();
  }
  now = day.until;
  for (const ticket of waiting) end(ticket, 'left-waiting');
  return { outcomes, onDutyMs, busyMs };
}
