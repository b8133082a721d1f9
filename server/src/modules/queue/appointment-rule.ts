import type { Queryable } from '../../kernel/db.ts';
import type { Work } from '../../kernel/work.ts';
import { lastRulesText } from './past.store.ts';
import type { QueueFact } from './queue-facts.ts';
import { appointmentsThatBegin, hasAppointmentToCome } from './queue.store.ts';
import { readRules, SHIPPED_NAME, shippedText } from './rules-file.ts';
import { aboutTicket } from './ticket-ends.ts';

/** What an appointment does for its ticket, in ms: `headStart` before those without one, from `early` before its time on. */
export type AppointmentRule = { headStart: number; early: number; late: number };

let read: { text: string; rule: AppointmentRule } | null = null;
/** Of the rules in force. */
export async function appointmentRule(reader: Queryable): Promise<AppointmentRule> {
  const text = (await lastRulesText(reader)) ?? shippedText();
  if (read?.text !== text) {
    const { weights, appointment } = readRules(SHIPPED_NAME, text, []);
    const rule = {
      headStart: weights.appointment * 1000,
      early: appointment.early * 1000,
      late: appointment.late * 1000,
    };
    read = { text, rule };
  }
  return read.rule;
}

/** Appointments whose time has come count from here on, once for each ticket; its customer and the journal are told. */
export async function letAppointmentsCount(work: Work): Promise<void> {
  if (!(await hasAppointmentToCome(work.tx))) return;
  const rule = await appointmentRule(work.tx);
  for (const ticket of await appointmentsThatBegin(work.tx, { now: work.now, ...rule })) {
    const fact: QueueFact = {
      kind: 'queue.appointment-counts',
      about: aboutTicket(ticket),
      data: { headStart: ticket.head_start },
    };
    work.record(fact);
  }
}
