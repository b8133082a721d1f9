-- Customers' phones are devices of a branch too: they enrol themselves and are never trusted with what needs presence.
alter table kiosks.kiosk add column kind text not null default 'floor' check (kind in ('floor', 'tablet', 'phone'));
