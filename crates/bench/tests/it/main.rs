//! The graph answers as the recursive queries do, stop rules included. Nothing is timed here.

#[cfg(test)]
mod same_as_cte {
    use std::path::Path;

    use bench::engine::{Engine, Query, Sqlite, Stop};
    use bench::{power_law, trail};

    fn queries() -> Vec<Query> {
        let follow = |days: u32, stop| Query::Follow { layers: 6, window_secs: days * 86_400, stop };
        let stops = [(0, 12), (99_968, 1_000), (99_968, 12), (1 << 22, 3)];
        let stops = stops.map(|(floor, hub_above)| follow(30, Some(Stop { floor, hub_above })));
        [
            Query::Reach { hops: 0 },
            Query::Reach { hops: 3 },
            follow(0, None),
            follow(7, None),
            follow(30, None),
        ]
        .into_iter()
        .chain(stops)
        .collect()
    }

    #[test]
    fn sqlite_and_the_graph_find_the_same() {
        let rows = power_law::transfers(3_000);
        let mut theirs = Sqlite::load(Path::new(":memory:"), &rows).unwrap();
        let mut ours = trail::Ours::load(power_law::accounts(3_000), &rows).unwrap();
        let seeds: Vec<_> = rows.iter().step_by(97).copied().collect();
        let mut sizes = Vec::new();
        for query in queries() {
            sizes.push(trail::compare(&mut theirs, &mut ours, query, &seeds).unwrap());
        }
        assert!(
            sizes.iter().any(|size| *size > 100),
            "the comparison must have something to compare: {sizes:?}"
        );
    }

    #[test]
    fn a_difference_is_found() {
        let rows = power_law::transfers(3_000);
        let mut theirs = Sqlite::load(Path::new(":memory:"), &rows).unwrap();
        // One transfer in ten is missing on our side.
        let fewer: Vec<_> = rows.iter().filter(|row| row.id % 10 != 3).copied().collect();
        let mut ours = trail::Ours::load(power_law::accounts(3_000), &fewer).unwrap();
        let query = Query::Follow { layers: 6, window_secs: 30 * 86_400, stop: None };
        let outcome = trail::compare(&mut theirs, &mut ours, query, &rows[..200]);
        assert!(outcome.unwrap_err().to_string().contains("nothing is timed"));
        assert!(theirs.name().starts_with("SQLite"));
    }
}
