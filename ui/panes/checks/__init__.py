"""模板校验: what the rules found, put right or excepted in place; the rule book; what the last run did."""
