-- From when on a ticket with an appointment has its head start; null: it has none, or its customer came too late.
alter table queue.ticket add column counts_from bigint;
create index ticket_waiting_for_appointment on queue.ticket (counts_from)
  where state in ('waiting', 'offered') and counts_from is not null and head_start = 0;
