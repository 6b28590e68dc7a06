-- Who was handed what an account signs in with, last: the label of whoever made or renewed it. NULL: nobody of ours but
-- its person (the command line, a demonstration). Whoever made an account before this was known counts as handed.
ALTER TABLE staff_account ADD COLUMN handed_by text;
UPDATE staff_account SET handed_by = author WHERE author LIKE 'staff:%' OR author LIKE 'partner:%';
