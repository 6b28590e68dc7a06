-- Exhibits go along when rows are parted off: to which case each belonged, that was or was merged into the one that was left.
ALTER TABLE case_moved ADD COLUMN home BLOB;
