create table help.call (
  id uuid primary key,
  kiosk_id uuid not null,
  branch_id uuid not null,
  state text not null check (state in ('called', 'coming', 'closed')),
  called_at bigint not null,
  since bigint not null,
  staff_id uuid
);
create unique index one_open_help_call_a_kiosk on help.call (kiosk_id) where state <> 'closed';
