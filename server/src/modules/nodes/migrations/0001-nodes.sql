-- A process that serves. Its moments are by the database's clock, which all of them share.
create table nodes.node (
  instance uuid primary key,
  name text not null,
  -- Where the others reach it; null: it is alone.
  address text,
  started_at bigint not null,
  seen_at bigint not null,
  draining boolean not null default false
);

-- Which process holds the one live line of a kiosk or a person.
create table nodes.line (
  subject text primary key,
  instance uuid not null,
  line_id uuid not null
);
create index line_by_instance on nodes.line (instance);

-- In which process the media of a call are.
create table nodes.room (
  call_id uuid primary key,
  instance uuid not null
);
create index room_by_instance on nodes.room (instance);
