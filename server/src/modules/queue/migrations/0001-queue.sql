create table queue.ticket (
  id uuid primary key,
  case_id uuid not null,
  kiosk_id uuid not null,
  service_id text not null,
  skills jsonb not null,
  language text not null,
  minutes integer not null,
  state text not null check (state in ('waiting', 'offered', 'served', 'left', 'abandoned')),
  joined_at bigint not null,
  -- Since when the kiosk's line is down; such a ticket keeps its place and is offered to nobody.
  absent_since bigint,
  ended_at bigint,
  end_reason text
);
create unique index one_open_ticket_a_case on queue.ticket (case_id) where state in ('waiting', 'offered');
create unique index one_open_ticket_a_kiosk on queue.ticket (kiosk_id) where state in ('waiting', 'offered');
create index ticket_in_order on queue.ticket (joined_at, id) where state = 'waiting';

create table queue.agent (
  staff_id uuid primary key,
  state text not null check (state in ('offline', 'ready', 'offered', 'in-call', 'wrap-up', 'break')),
  since bigint not null,
  reason text,
  call_id uuid,
  skills jsonb not null,
  languages text[] not null,
  absent_since bigint
);
create index agent_in_order on queue.agent (since, staff_id) where state = 'ready';

create table queue.offer (
  id uuid primary key,
  ticket_id uuid not null references queue.ticket (id),
  staff_id uuid not null references queue.agent (staff_id),
  call_id uuid not null,
  made_at bigint not null,
  deadline bigint not null,
  state text not null check (state in ('open', 'accepted', 'declined', 'expired', 'rescinded')),
  ended_at bigint,
  reason text
);
-- Never two offers of one ticket, never two offers to one agent: the database says so, whatever the code does.
create unique index one_open_offer_a_ticket on queue.offer (ticket_id) where state = 'open';
create unique index one_open_offer_an_agent on queue.offer (staff_id) where state = 'open';
create index offer_by_ticket on queue.offer (ticket_id, ended_at);
create index offer_due on queue.offer (deadline) where state = 'open';

-- Whether an agent may serve a ticket: every skill at its level or above, and the language.
create function queue.serves(skills jsonb, languages text[], asked jsonb, language text) returns boolean
language sql immutable parallel safe as $$
  select language = any (languages)
    and not exists (
      select 1 from jsonb_each_text(asked) as need (name, level)
      where coalesce((skills ->> need.name)::integer, 0) < need.level::integer
    )
$$;
