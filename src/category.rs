//! The kinds of furniture.

use std::fmt;
use std::str::FromStr;

/// What kind of furniture a removal is.
///
/// The first eight are removed by default. The last four belong to the article's apparatus, not
/// to the site; they are kept unless asked for with [`Builder::remove`](crate::Builder::remove).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Category {
    /// Prompts to sign up for newsletters and alerts.
    Newsletter,
    /// Links to and lists of other articles.
    Related,
    /// Share bars and prompts to follow the site elsewhere.
    Share,
    /// Menus, breadcrumbs, tags, buttons.
    Nav,
    /// Cookie notices, copyright lines, affiliate disclosures.
    Legal,
    /// Advertisements, subscription and app promotion, paywalls.
    Promo,
    /// Comment forms, threads and ratings.
    Comments,
    /// Residue of templates, players and error messages.
    Other,
    /// Byline, time stamp, reading time. Kept by default.
    Meta,
    /// Credit of a picture. Kept by default.
    Credit,
    /// Caption of a picture. Kept by default.
    Caption,
    /// Who the author is. Kept by default.
    Bio,
}

impl Category {
    /// All categories, those removed by default first.
    pub const ALL: [Category; 12] = [
        Category::Newsletter,
        Category::Related,
        Category::Share,
        Category::Nav,
        Category::Legal,
        Category::Promo,
        Category::Comments,
        Category::Other,
        Category::Meta,
        Category::Credit,
        Category::Caption,
        Category::Bio,
    ];

    /// The name used in rule ids, options and reports: lower case ASCII.
    pub fn name(self) -> &'static str {
        match self {
            Category::Newsletter => "newsletter",
            Category::Related => "related",
            Category::Share => "share",
            Category::Nav => "nav",
            Category::Legal => "legal",
            Category::Promo => "promo",
            Category::Comments => "comments",
            Category::Other => "other",
            Category::Meta => "meta",
            Category::Credit => "credit",
            Category::Caption => "caption",
            Category::Bio => "bio",
        }
    }

    /// Whether the profile `article` removes it unless told otherwise.
    pub fn removed_by_default(self) -> bool {
        self < Category::Meta
    }
}

impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Category {
    type Err = crate::BuildError;

    fn from_str(name: &str) -> Result<Category, crate::BuildError> {
        Category::ALL.into_iter().find(|c| c.name() == name).ok_or_else(|| {
            let names = Category::ALL.map(Category::name).join(", ");
            crate::BuildError::option(format!("unknown category `{name}`; one of: {names}"))
        })
    }
}

/// A set of categories, one bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct CategorySet(u16);

impl CategorySet {
    pub(crate) const EMPTY: CategorySet = CategorySet(0);

    pub(crate) const fn from_bits(bits: u16) -> CategorySet {
        CategorySet(bits)
    }

    #[cfg(all(test, feature = "toml"))]
    pub(crate) fn bits(self) -> u16 {
        self.0
    }

    pub(crate) fn insert(&mut self, category: Category) {
        self.0 |= 1 << category as u16;
    }

    pub(crate) fn remove(&mut self, category: Category) {
        self.0 &= !(1 << category as u16);
    }

    pub(crate) fn contains(self, category: Category) -> bool {
        self.0 & (1 << category as u16) != 0
    }

    pub(crate) fn union(self, other: CategorySet) -> CategorySet {
        CategorySet(self.0 | other.0)
    }

    pub(crate) fn intersects(self, other: CategorySet) -> bool {
        self.0 & other.0 != 0
    }
}

impl FromIterator<Category> for CategorySet {
    fn from_iter<I: IntoIterator<Item = Category>>(categories: I) -> CategorySet {
        let mut set = CategorySet::EMPTY;
        categories.into_iter().for_each(|category| set.insert(category));
        set
    }
}
