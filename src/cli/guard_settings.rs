//! Settings of who is let in, and for how long they may ask.

use std::{ffi::OsString, fmt::Display, num::NonZeroU32, str::FromStr, time::Duration};

use clap::Args;
use oba::http::{Origins, Policy};

use super::settings::{FileSettings, Setting, SettingsError, first};

/// Settings of who is let in, that were given as flags.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Who is let in")]
pub(super) struct GuardArguments {
    /// Let everybody search without a key, where there are keys [default: false] [environment: `OBA_PUBLIC_SEARCH`]
    #[arg(long, global = true, value_name = "YES", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub public_search: Option<String>,
    /// Take the addresses of clients from the last entry of X-Forwarded-For [default: false] [environment: `OBA_BEHIND_PROXY`]
    #[arg(long, global = true, value_name = "YES", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub behind_proxy: Option<String>,
    /// Other sites whose pages may ask, parted by commas; * for all [default: none] [environment: `OBA_ALLOW_ORIGINS`]
    #[arg(long, global = true, value_name = "ORIGINS")]
    pub allow_origins: Option<String>,
    /// Requests a second for each client, 0 for any number [default: 50] [environment: `OBA_REQUESTS_PER_SECOND`]
    #[arg(long, global = true, value_name = "NUMBER")]
    pub requests_per_second: Option<String>,
    /// Requests at once for each client [default: 200] [environment: `OBA_BURST`]
    #[arg(long, global = true, value_name = "NUMBER")]
    pub burst: Option<String>,
    /// How long a search may take, in seconds [default: 5] [environment: `OBA_SEARCH_TIMEOUT`]
    #[arg(long, global = true, value_name = "SECONDS")]
    pub search_timeout: Option<String>,
}

/// What an operator may change of who is let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct GuardSettings {
    /// Whether searches need no key where there are keys.
    pub public_search: Setting<bool>,
    /// Whether a proxy tells the addresses of clients.
    pub behind_proxy: Setting<bool>,
    /// The other sites whose pages may ask.
    pub allow_origins: Setting<Origins>,
    /// How many requests a second each client may make; any number for 0.
    pub requests_per_second: Setting<u32>,
    /// How many requests a client may make at once.
    pub burst: Setting<NonZeroU32>,
    /// How long a search may take.
    pub search_timeout: Setting<Duration>,
}

impl GuardSettings {
    pub(super) fn from_layers(
        flags: &GuardArguments,
        environment: impl Fn(&str) -> Option<OsString>,
        file: &FileSettings,
    ) -> Result<Self, SettingsError> {
        let setting = |name: &'static str, variable, flag: &Option<String>, in_file: Option<String>, default: &str| {
            let from_environment = environment(variable).map(|value| value.to_string_lossy().into_owned());
            let setting = first(flag.clone(), (variable, from_environment), in_file, default.to_owned());
            Given { name, setting }
        };
        let public_search = written(file.public_search);
        let public_search = setting("public_search", "OBA_PUBLIC_SEARCH", &flags.public_search, public_search, "false");
        let behind_proxy = written(file.behind_proxy);
        let behind_proxy = setting("behind_proxy", "OBA_BEHIND_PROXY", &flags.behind_proxy, behind_proxy, "false");
        let origins = file.allow_origins.as_ref().map(|origins| origins.join(","));
        let allow_origins = setting("allow_origins", "OBA_ALLOW_ORIGINS", &flags.allow_origins, origins, "");
        let (rate, flag) = (written(file.requests_per_second), &flags.requests_per_second);
        let requests_per_second = setting("requests_per_second", "OBA_REQUESTS_PER_SECOND", flag, rate, "50");
        let burst = setting("burst", "OBA_BURST", &flags.burst, written(file.burst), "200");
        let (timeout, flag) = (written(file.search_timeout), &flags.search_timeout);
        let search_timeout = setting("search_timeout", "OBA_SEARCH_TIMEOUT", flag, timeout, "5");
        let whether = "true or false";
        Ok(Self {
            public_search: public_search.read(whether)?,
            behind_proxy: behind_proxy.read(whether)?,
            allow_origins: allow_origins.read("origins such as https://example.org, parted by commas, or *")?,
            requests_per_second: requests_per_second.read("a number of requests a second, or 0 for any number")?,
            burst: burst.read("a number of requests, 1 or more")?,
            search_timeout: search_timeout.read_with("a number of seconds, such as 5 or 0.5, up to 3600", seconds)?,
        })
    }

    /// Who is let in, as the server is told.
    pub(super) fn policy(&self) -> Policy {
        Policy {
            is_public: self.public_search.value,
            is_behind_proxy: self.behind_proxy.value,
            origins: self.allow_origins.value.clone(),
            rate: NonZeroU32::new(self.requests_per_second.value),
            burst: self.burst.value,
        }
    }

    /// Each setting with its name, its value and where that comes from.
    pub(super) fn lines(&self) -> Vec<(&'static str, String, String)> {
        fn line<T: Display>(name: &'static str, setting: &Setting<T>) -> (&'static str, String, String) {
            (name, setting.value.to_string(), setting.origin.to_string())
        }
        vec![
            line("public_search", &self.public_search),
            line("behind_proxy", &self.behind_proxy),
            line("allow_origins", &self.allow_origins),
            line("requests_per_second", &self.requests_per_second),
            line("burst", &self.burst),
            (
                "search_timeout",
                format!("{} s", self.search_timeout.value.as_secs_f64()),
                self.search_timeout.origin.to_string(),
            ),
        ]
    }
}

/// A value of the file as a flag would have it, so that all are read in one way.
fn written<T: Display>(value: Option<T>) -> Option<String> {
    value.map(|value| value.to_string())
}

/// A setting as it was written.
struct Given {
    name: &'static str,
    setting: Setting<String>,
}

impl Given {
    fn read<T: FromStr>(self, takes: &'static str) -> Result<Setting<T>, SettingsError> {
        self.read_with(takes, |text| text.parse().ok())
    }

    fn read_with<T>(
        self,
        takes: &'static str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Setting<T>, SettingsError> {
        let Setting { value, origin } = self.setting;
        match read(value.trim()) {
            Some(value) => Ok(Setting { value, origin }),
            None => Err(SettingsError::Value { name: self.name, value, origin, takes }),
        }
    }
}

/// A number of seconds that a search may take.
fn seconds(text: &str) -> Option<Duration> {
    let seconds: f64 = text.parse().ok()?;
    let is_sound = seconds > 0.0 && seconds <= 3600.0;
    is_sound.then(|| Duration::from_secs_f64(seconds))
}
