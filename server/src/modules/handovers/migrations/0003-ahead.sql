-- The code of a case that was sent ahead to be reviewed: it holds as long as the case is kept, and is not spent.
alter table handovers.code drop constraint code_purpose_check;
alter table handovers.code add constraint code_purpose_check
  check (purpose in ('continue', 'follow', 'ahead', 'appointment'));
