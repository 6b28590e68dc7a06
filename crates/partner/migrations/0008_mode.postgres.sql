-- Whether orders are routed to the institution (live) or trial orders alone reach it (test). Who is there already is live.
ALTER TABLE partner ADD COLUMN mode TEXT NOT NULL DEFAULT 'live';
-- Who asked that it goes live, until a second person confirms.
ALTER TABLE partner ADD COLUMN live_asked_by TEXT;
