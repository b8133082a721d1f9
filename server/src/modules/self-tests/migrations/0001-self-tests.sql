create table self_tests.test (
  id uuid primary key,
  device text not null,
  at bigint not null,
  results jsonb not null
);
create index last_of_device on self_tests.test (device, at desc);
-- Branch staff want it to test itself when nobody is at it.
create table self_tests.asked (
  kiosk_id uuid primary key,
  branch_id uuid not null,
  at bigint not null
);
