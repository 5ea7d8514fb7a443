//! Settings: the flag, then the environment, then `oba.toml`, then the default.

use std::{
    env, fmt, fs, io,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use serde::Deserialize;

use super::{arguments::SettingArguments, guard_settings::GuardSettings, logging::LogFormat};

/// The file of settings, looked for in the working folder.
const FILE: &str = "oba.toml";

/// Where a value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    Flag,
    Environment(&'static str),
    File,
    Default,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag => f.write_str("flag"),
            Self::Environment(name) => write!(f, "environment, {name}"),
            Self::File => f.write_str(FILE),
            Self::Default => f.write_str("default"),
        }
    }
}

/// A value and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Setting<T> {
    pub value: T,
    pub origin: Origin,
}

/// What an operator may change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Settings {
    /// The folder of the index.
    pub index: Setting<PathBuf>,
    /// The address to serve on.
    pub listen: Setting<SocketAddr>,
    /// What the server keeps beside the index: a folder of its own, made when it is needed.
    pub home: Setting<PathBuf>,
    /// How the server writes its log.
    pub log_format: Setting<LogFormat>,
    /// Whether it writes queries there.
    pub log_queries: Setting<bool>,
    /// Who is let in.
    pub guard: GuardSettings,
}

/// What may stand in the file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FileSettings {
    index: Option<PathBuf>,
    listen: Option<String>,
    home: Option<PathBuf>,
    log_format: Option<String>,
    log_queries: Option<bool>,
    pub public_search: Option<bool>,
    pub behind_proxy: Option<bool>,
    pub allow_origins: Option<Vec<String>>,
    pub requests_per_second: Option<u32>,
    pub burst: Option<u32>,
    pub search_timeout: Option<f64>,
}

/// A setting that cannot be used.
#[derive(Debug, thiserror::Error)]
pub(super) enum SettingsError {
    #[error("{FILE} cannot be read: {0}")]
    File(#[from] io::Error),
    #[error("{FILE} is wrong: {0}")]
    Toml(#[from] toml::de::Error),
    #[error("listen is {value:?} ({origin}); it takes an address and a port, such as 127.0.0.1:7700")]
    Listen { value: String, origin: Origin },
    #[error("{name} is {value:?} ({origin}); it takes {takes}")]
    Value { name: &'static str, value: String, origin: Origin, takes: &'static str },
    #[error("log_format is {value:?} ({origin}); it takes auto, text or json")]
    LogFormat { value: String, origin: Origin },
    #[error("log_queries is {value:?} ({origin}); it takes true or false")]
    LogQueries { value: String, origin: Origin },
}

impl Settings {
    /// The settings of this run.
    pub(super) fn resolve(flags: &SettingArguments) -> Result<Self, SettingsError> {
        let file = match fs::read_to_string(FILE) {
            Ok(text) => toml::from_str(&text)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => FileSettings::default(),
            Err(error) => return Err(error.into()),
        };
        Self::from_layers(flags, |name| env::var_os(name).filter(|value| !value.is_empty()), file)
    }

    fn from_layers(
        flags: &SettingArguments,
        environment: impl Fn(&str) -> Option<std::ffi::OsString>,
        file: FileSettings,
    ) -> Result<Self, SettingsError> {
        let guard = GuardSettings::from_layers(&flags.guard, &environment, &file)?;
        let index = first(
            flags.index.clone(),
            ("OBA_INDEX", environment("OBA_INDEX").map(PathBuf::from)),
            file.index,
            PathBuf::from("index"),
        );
        let from_environment = environment("OBA_LISTEN").map(|value| value.to_string_lossy().into_owned());
        let listen =
            first(flags.listen.clone(), ("OBA_LISTEN", from_environment), file.listen, "127.0.0.1:7700".to_owned());
        let Setting { value, origin } = listen;
        let listen = match value.parse() {
            Ok(value) => Setting { value, origin },
            Err(_) => return Err(SettingsError::Listen { value, origin }),
        };
        let home = first(
            flags.home.clone(),
            ("OBA_HOME", environment("OBA_HOME").map(PathBuf::from)),
            file.home,
            home_of(&index.value),
        );
        let text = |name: &str| environment(name).map(|value| value.to_string_lossy().into_owned());
        let format = ("OBA_LOG_FORMAT", text("OBA_LOG_FORMAT"));
        let Setting { value, origin } = first(flags.log_format.clone(), format, file.log_format, "auto".to_owned());
        let Ok(format) = value.parse() else { return Err(SettingsError::LogFormat { value, origin }) };
        let log_format = Setting { value: format, origin };
        let queries = ("OBA_LOG_QUERIES", text("OBA_LOG_QUERIES"));
        let in_file = file.log_queries.map(|value| value.to_string());
        let Setting { value, origin } = first(flags.log_queries.clone(), queries, in_file, "false".to_owned());
        let Ok(queries) = value.parse() else { return Err(SettingsError::LogQueries { value, origin }) };
        let log_queries = Setting { value: queries, origin };
        Ok(Self { index, listen, home, log_format, log_queries, guard })
    }
}

/// The home of a server whose setting is not given: beside its index, so that both lie on one file system.
fn home_of(index: &Path) -> PathBuf {
    let mut name = index.file_name().unwrap_or_else(|| "oba".as_ref()).to_owned();
    name.push("-home");
    index.with_file_name(name)
}

pub(super) fn first<T>(
    flag: Option<T>,
    environment: (&'static str, Option<T>),
    file: Option<T>,
    default: T,
) -> Setting<T> {
    let (name, from_environment) = environment;
    let given = flag.map(|value| (value, Origin::Flag));
    let given = given.or_else(|| from_environment.map(|value| (value, Origin::Environment(name))));
    let given = given.or_else(|| file.map(|value| (value, Origin::File)));
    let (value, origin) = given.unwrap_or((default, Origin::Default));
    Setting { value, origin }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::guard_settings::GuardArguments;

    fn layers(flag: Option<&str>, environment: Option<&str>, file: &str) -> Settings {
        let flags = SettingArguments { index: flag.map(PathBuf::from), ..SettingArguments::default() };
        let file = toml::from_str(file).expect("valid");
        Settings::from_layers(&flags, |name| environment.filter(|_| name == "OBA_INDEX").map(Into::into), file)
            .expect("valid")
    }

    #[test]
    fn each_layer_stands_above_the_next() {
        let origin = |settings: Settings| (settings.index.value.display().to_string(), settings.index.origin);
        assert_eq!(origin(layers(Some("a"), Some("b"), "index = 'c'")), ("a".into(), Origin::Flag));
        assert_eq!(origin(layers(None, Some("b"), "index = 'c'")), ("b".into(), Origin::Environment("OBA_INDEX")));
        assert_eq!(origin(layers(None, None, "index = 'папка'")), ("папка".into(), Origin::File));
        assert_eq!(origin(layers(None, None, "")), ("index".into(), Origin::Default));
    }

    #[test]
    fn the_home_of_a_server_lies_beside_its_index() {
        let home = |settings: Settings| settings.home.value;
        assert_eq!(home(layers(None, None, "")), Path::new("index-home"));
        assert_eq!(home(layers(Some("данные/архив"), None, "")), Path::new("данные/архив-home"));
        assert_eq!(home(layers(Some("a"), None, "home = 'дом'")), Path::new("дом"));
    }

    #[test]
    fn wrong_settings_are_refused_with_what_is_wrong() {
        assert!(toml::from_str::<FileSettings>("indx = 'c'").expect_err("refused").to_string().contains("indx"));
        let flags = SettingArguments { listen: Some("7700".into()), ..SettingArguments::default() };
        let error = Settings::from_layers(&flags, |_| None, FileSettings::default()).expect_err("refused");
        assert!(error.to_string().contains("127.0.0.1:7700"), "{error}");
        for (name, value) in [("OBA_LOG_FORMAT", "xml"), ("OBA_LOG_QUERIES", "да")] {
            let environment = |asked: &str| (asked == name).then(|| value.into());
            let error = Settings::from_layers(&SettingArguments::default(), environment, FileSettings::default());
            let error = error.expect_err("refused").to_string();
            assert!(error.contains(value) && error.contains(name), "{error}");
        }
    }

    #[test]
    fn who_is_let_in_is_read_from_each_layer() {
        let guard = layers(
            None,
            None,
            "public_search = true\nallow_origins = ['https://example.org', 'http://localhost:3000']\nsearch_timeout = 0.5",
        )
        .guard;
        assert_eq!((guard.public_search.value, guard.public_search.origin), (true, Origin::File));
        assert_eq!(guard.allow_origins.value.to_string(), "https://example.org,http://localhost:3000");
        assert_eq!(guard.search_timeout.value, std::time::Duration::from_millis(500));
        let by_flags = |flags: GuardArguments| {
            let flags = SettingArguments { guard: flags, ..SettingArguments::default() };
            Settings::from_layers(&flags, |_| None, FileSettings::default())
        };
        let unlimited = by_flags(GuardArguments { requests_per_second: Some("0".into()), ..GuardArguments::default() });
        assert_eq!(unlimited.map(|settings| settings.guard.policy().rate).ok(), Some(None));
        for wrong in [
            GuardArguments { public_search: Some("да".into()), ..GuardArguments::default() },
            GuardArguments { allow_origins: Some("example.org".into()), ..GuardArguments::default() },
            GuardArguments { burst: Some("0".into()), ..GuardArguments::default() },
            GuardArguments { search_timeout: Some("0".into()), ..GuardArguments::default() },
            GuardArguments { search_timeout: Some("NaN".into()), ..GuardArguments::default() },
        ] {
            let error = by_flags(wrong).expect_err("refused").to_string();
            assert!(error.contains("(flag); it takes "), "{error}");
        }
    }
}
