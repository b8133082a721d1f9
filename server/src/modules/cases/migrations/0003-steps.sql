-- The customer alone works through all of a service's steps now, not its form only.
alter table cases.case drop constraint case_at_check;
update cases.case set at = 'alone' where at = 'form';
alter table cases.case add constraint case_at_check
  check (at in ('consent', 'alone', 'waiting', 'serving', 'confirming', 'confirmed', 'rating', 'closed'));

-- Steps are done by the customer too: `customer`, or the id of the member of staff.
alter table cases.tick rename to step_done;
alter table cases.step_done rename column by_staff to done_by;
alter table cases.step_done alter column done_by type text;
