-- Whether somebody is or was in a call, asked every five seconds of each.
create index participant_of_call on calls.participant (call_id, staff_id, since);
