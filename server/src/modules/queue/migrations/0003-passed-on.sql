-- An agent passed the customer on: the ticket takes up where the one before was.
alter table queue.ticket add column passed_on boolean not null default false;
