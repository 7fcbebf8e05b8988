//! How often each rule was right and wrong on articles marked by hand.

/// What `unfurnish eval --rule-table` wrote: a heading, and then for each rule that fired its id, how
/// often it took furniture only, and how often it took words of the article. CONTRIBUTING.md says
/// how to make it anew.
const TABLE: &str = include_str!("../measured.tsv");

/// The columns of the table.
pub(crate) fn rows() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    TABLE.lines().skip(1).filter_map(|line| {
        let (id, figures) = line.split_once('\t')?;
        let (right, wrong) = figures.split_once('\t')?;
        Some((id, right, wrong))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rules_exist() {
        let packs = unfurnish::RulePack::builtin();
        let ids: Vec<&str> =
            packs.iter().flat_map(|pack| pack.rules()).map(|rule| rule.id.as_str()).collect();
        assert_eq!(rows().count(), TABLE.lines().count() - 1);
        for (id, right, wrong) in rows() {
            assert!(ids.contains(&id), "{id} is no rule any more: take out its line");
            assert!(right.parse::<u64>().is_ok() && wrong.parse::<u64>().is_ok(), "{id}");
        }
    }
}
