-- What a scheme's page counts lies together: else each figure reads every report's whole row, and a large scheme's page hundreds of pages of the file.
CREATE INDEX scheme_member_figures ON scheme_member
  (scheme_id, created_at, report_id, organisation_id, unit_id, marking, region, age, bank, lang, loss_minor, paying_at);
DROP INDEX scheme_member_scheme;
