-- One row a case, without anything that leads back to it once it is closed.
create table journeys.journey (
  id uuid primary key,
  -- Only while the case is open, to find its journey again.
  case_id uuid unique,
  service_id text not null,
  device text not null,
  language text not null,
  print text not null,
  began_at bigint not null,
  -- Where it stands, since when, and which step waits for it behind the queue and the call.
  node text not null,
  since bigint not null,
  alone_node text not null,
  outcome text not null default 'open' check (outcome in ('open', 'finished', 'cancelled', 'idle', 'replaced'))
) with (fillfactor = 80);
create index journeys_of_service on journeys.journey (service_id, began_at);
create index journeys_by_age on journeys.journey using brin (began_at);

-- One row for each place that a journey came to. What is asked for by (service and time of beginning) never changes, so
-- that what does change costs no index.
create table journeys.visit (
  journey_id uuid not null,
  node text not null,
  service_id text not null,
  device text not null,
  language text not null,
  print text not null,
  began_at bigint not null,
  spent_ms bigint not null default 0,
  visits integer not null default 1,
  backs integer not null default 0,
  handed_over integer not null default 0,
  help_offered integer not null default 0,
  state text not null check (state in ('here', 'passed', 'cancelled', 'idle', 'replaced')),
  primary key (journey_id, node)
) with (fillfactor = 80);
create index visits_of_service on journeys.visit (service_id, began_at);
create index visits_by_age on journeys.visit using brin (began_at);

-- What kiosks tell beside the journal: pages of screens, and fields that were wrong.
create table journeys.event (
  at bigint not null,
  journey_id uuid,
  -- '' before a service is chosen.
  service_id text not null,
  device text not null,
  language text not null,
  print text not null,
  kind text not null check (kind in ('visit', 'problem')),
  screen text,
  page text,
  ms bigint,
  back boolean,
  field text,
  problem text
);
create index events_of_service on journeys.event (service_id, kind, at);
create index events_by_age on journeys.event using brin (at);

-- How far the journal has been read: one row.
create table journeys.reading (one boolean primary key default true check (one), up_to bigint not null);
insert into journeys.reading (up_to) values (0);
