-- Since when the kiosk's line is down; a case that nobody comes back to is closed, so that the next customer does not see it.
alter table cases.case add column absent_since bigint;
