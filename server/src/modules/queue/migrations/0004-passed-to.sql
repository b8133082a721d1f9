-- Who passed the customer on is not asked for this ticket; and the skill or queue that was chosen then, if one was.
alter table queue.ticket add column passed_by uuid, add column passed_to jsonb;
create index ticket_not_for on queue.ticket (passed_by) where state = 'waiting' and passed_by is not null;
