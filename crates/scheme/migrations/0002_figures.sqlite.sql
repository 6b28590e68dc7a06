-- What a scheme's page and its chart read of each report lies together: else each figure reads every report's whole row, and a large scheme's
-- page hundreds of pages of the file.
CREATE INDEX scheme_member_figures ON scheme_member
  (scheme_id, created_at, report_id, organisation_id, unit_id, marking, region, age, bank, lang, loss_minor, paying_at, number);
DROP INDEX scheme_member_scheme;
CREATE INDEX scheme_naming_how ON scheme_naming (report_id, thing_id, at, how);
DROP INDEX scheme_naming_report;
