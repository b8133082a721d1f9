-- Calls are never deleted: they are found by their case with every offer that rings, and by day for the forecast.
create index call_by_case on calls.call (case_id, started_at);
create index call_ended on calls.call (started_at) where state = 'ended';
