-- Who the bank's core says it is, once that was proved.
alter table cases.case add column customer_id text;
