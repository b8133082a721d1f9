-- Agents planned for booked customers, opening hours and rules: one document a branch or group of branches.
create table appointments.plan (
  id uuid primary key,
  name jsonb not null,
  version integer not null,
  body jsonb not null
);
-- A branch is in one plan.
create table appointments.plan_branch (
  branch_id uuid primary key,
  plan_id uuid not null references appointments.plan (id)
);
create index plan_branch_by_plan on appointments.plan_branch (plan_id);

-- What a half hour of one skill holds and what of it is booked, in minutes. `taken` may be above `planned` only where
-- a plan was changed after it was booked, on purpose.
create table appointments.slot (
  plan_id uuid not null references appointments.plan (id),
  family text not null,
  starts_at bigint not null,
  planned integer not null check (planned >= 0),
  taken integer not null default 0 check (taken >= 0),
  primary key (plan_id, family, starts_at)
);

create table appointments.appointment (
  id uuid primary key,
  plan_id uuid not null references appointments.plan (id),
  branch_id uuid not null,
  family text not null,
  service_id text not null,
  language text not null,
  minutes integer not null,
  starts_at bigint not null,
  state text not null check (state in ('booked', 'arrived', 'late', 'missed', 'cancelled', 'called-off')),
  since bigint not null,
  booked_at bigint not null,
  -- Whether its minutes are counted in its slots.
  holds_place boolean not null,
  -- The device that shows it and may move or cancel it; a phone keeps it, a kiosk only until its customer is done.
  holder uuid,
  -- The one-time code, readable for its holder only.
  code bytea,
  visit_case_id uuid,
  visit_kiosk_id uuid
);
create unique index one_booked_appointment_a_holder on appointments.appointment (holder) where state = 'booked';
create index appointment_by_holder on appointments.appointment (holder) where holder is not null;
create index appointment_by_branch on appointments.appointment (branch_id, starts_at);
create index appointment_by_plan on appointments.appointment (plan_id, starts_at) where state = 'booked';
create index appointment_booked on appointments.appointment (starts_at) where state = 'booked';
create index appointment_by_visit on appointments.appointment (visit_case_id) where visit_case_id is not null;
