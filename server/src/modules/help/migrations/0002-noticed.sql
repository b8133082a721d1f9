-- A kiosk notices by itself that its customer is lost: why, and where the customer stood, by names of the catalogue only.
alter table help.call drop constraint call_state_check;
alter table help.call add constraint call_state_check check (state in ('noticed', 'called', 'coming', 'closed'));
alter table help.call add column why text not null default 'called';
alter table help.call add column asked boolean not null default true;
alter table help.call add column case_id uuid;
alter table help.call add column at text not null default 'choosing';
alter table help.call add column service_id text;
alter table help.call add column step text;
alter table help.call add column field text;
alter table help.call add column closed_by text;
-- "Was help offered here a short while ago" is asked for one kiosk.
create index noticed_help_of_kiosk on help.call (kiosk_id, called_at) where why <> 'called';
