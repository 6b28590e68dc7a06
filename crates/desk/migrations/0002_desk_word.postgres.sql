-- The last word of the reporter that no officer has answered, part of the projection.
ALTER TABLE desk_row ADD COLUMN word_at BIGINT;
