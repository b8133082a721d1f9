-- On the customer's own phone nothing is proved or carried out, and the case waits for days and not for minutes.
alter table cases.case add column device text not null default 'floor' check (device in ('floor', 'tablet', 'phone'));
