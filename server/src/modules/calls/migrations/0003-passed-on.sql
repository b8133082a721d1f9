-- What the agent said who passed the customer on: sealed.
alter table calls.call add column passed_note bytea;
