-- A code may bring an appointment in place of a case. It lives to the end of the appointment's day.
alter table handovers.code alter column case_id drop not null;
alter table handovers.code add column appointment_id uuid;
alter table handovers.code drop constraint code_purpose_check;
alter table handovers.code add constraint code_purpose_check check (purpose in ('continue', 'follow', 'appointment'));
alter table handovers.code add constraint code_brings_one_thing
  check (case when purpose = 'appointment' then appointment_id is not null and case_id is null
              else case_id is not null and appointment_id is null end);
create unique index one_open_code_an_appointment on handovers.code (appointment_id) where state = 'open';
