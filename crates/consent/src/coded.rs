//! Closed sets of values with stable codes for the wire and the database.

macro_rules! coded {
    ($(#[$doc:meta])* $name:ident, $rule:literal, { $($(#[$vdoc:meta])* $variant:ident = $code:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Its stable code.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// Parses a code.
            ///
            /// # Errors
            /// When no value has it.
            pub fn parse(code: &str) -> Result<Self, cutis_domain::Invalid> {
                match code {
                    $($code => Ok(Self::$variant),)+
                    _ => Err(cutis_domain::Invalid::new("choice", $rule)),
                }
            }
        }
    };
}
