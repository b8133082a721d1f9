-- Where each value comes from, and the same of what comes back when the customer does not agree to a change.
alter table cases.value add column origin text not null default 'customer'
  check (origin in ('customer', 'agent', 'reader', 'ocr', 'bank'));
update cases.value set origin = 'agent' where entered_by <> 'customer';
alter table cases.value alter column origin drop default;
alter table cases.value add column before_by text;
alter table cases.value add column before_origin text;
alter table cases.value add column before_at bigint;
update cases.value set before_by = 'customer', before_origin = 'customer', before_at = entered_at where before is not null;
-- C3 (secrets, biometrics) is never kept, whatever a program above the database believes.
alter table cases.value add constraint never_c3 check (class in ('C1', 'C2'));

-- When the bank was asked for what it knows of the customer, so that it is asked once.
alter table cases.case add column known_fetched_at bigint;
create index cases_of_customer on cases.case (customer_id, opened_at) where customer_id is not null;
