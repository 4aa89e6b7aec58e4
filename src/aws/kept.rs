//! Credentials are kept for as long as AWS takes them, by AWS's clock: this machine's may be wrong by minutes.
//!
//! The SDK goes by this machine's clock. With one that is ahead, valid credentials count as expired, and their
//! provider would be called for every request; with one that is behind, they are used until AWS refuses them. So the SDK
//! gets them for a minute at a time, and [`ServerClock`] decides whether new ones are needed.

use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use aws_config::SdkConfig;
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{self, ProvideCredentials, SharedCredentialsProvider, future};
use aws_smithy_async::time::SharedTimeSource;
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::server_clock::ServerClock;

/// How long before their expiry new ones are requested.
const MARGIN: Duration = Duration::from_secs(10);
/// For how long the SDK may use them without asking again.
const LENT: Duration = Duration::from_secs(60);
/// Credentials without an expiry are requested again after this time: the files that hold them may have changed.
const UNENDING: Duration = Duration::from_mins(15);
/// A provider that gave none, or expired ones, is not asked again sooner.
const PACE: Duration = Duration::from_secs(5);

/// The configuration with credentials that are there already, kept for as long as they are good.
pub(super) fn kept(config: SdkConfig, credentials: Credentials, server: ServerClock) -> SdkConfig {
    let Some(then) = config.credentials_provider() else { return config };
    let local = config.time_source().unwrap_or_default();
    let provider = KeptCredentials { then, local, server, held: Mutex::new(Held::new(Ok(credentials))) };
    config.into_builder().credentials_provider(SharedCredentialsProvider::new(provider)).build()
}

/// The last credentials, and who gives others.
struct KeptCredentials {
    then: SharedCredentialsProvider,
    local: SharedTimeSource,
    server: ServerClock,
    held: Mutex<Held>,
}

/// What was given last.
struct Held {
    came: Instant,
    given: Result<Credentials, Arc<CredentialsError>>,
}

impl Held {
    fn new(given: Result<Credentials, Arc<CredentialsError>>) -> Self {
        Self { came: Instant::now(), given }
    }
}

impl KeptCredentials {
    async fn credentials(&self) -> provider::Result {
        let mut held = self.held.lock().await;
        if !self.is_fresh_enough(&held) {
            let given = self.then.provide_credentials().await.map_err(Arc::new);
            *held = match given {
                // They are valid until they expire, even if new ones cannot be fetched.
                Err(_)
                    if held.given.as_ref().is_ok_and(|it| self.remaining(it).is_some_and(|left| !left.is_zero())) =>
                {
                    return held.given.as_ref().map(|it| self.lent(it)).map_err(again);
                }
                given => Held::new(given),
            };
        }
        held.given.as_ref().map(|it| self.lent(it)).map_err(again)
    }

    /// Whether the provider need not be asked.
    fn is_fresh_enough(&self, held: &Held) -> bool {
        let age = held.came.elapsed();
        let is_good = match &held.given {
            Ok(credentials) => self.remaining(credentials).map_or(age < UNENDING, |left| left > MARGIN),
            Err(_) => false,
        };
        is_good || age < PACE
    }

    /// For how long they are good, by AWS's clock; `None` if they name no end.
    fn remaining(&self, credentials: &Credentials) -> Option<Duration> {
        let end = credentials.expiry()?;
        Some(end.duration_since(self.server.at_aws(self.local.now())).unwrap_or_default())
    }

    /// Returns the same with an expiry by this machine's clock. Before AWS's first answer its clock is unknown, and the SDK
    /// asks again each time.
    fn lent(&self, credentials: &Credentials) -> Credentials {
        let mut lent = credentials.clone();
        let longest = self.local.now() + if self.server.is_known() { LENT } else { Duration::ZERO };
        let end: Option<SystemTime> = credentials.expiry().map(|end| self.server.here(end).min(longest));
        *lent.expiry_mut() = Some(end.unwrap_or(longest));
        lent
    }
}

impl fmt::Debug for KeptCredentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Kept").field("then", &self.then).finish_non_exhaustive()
    }
}

impl ProvideCredentials for KeptCredentials {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.credentials())
    }

    fn fallback_on_interrupt(&self) -> Option<Credentials> {
        self.then.fallback_on_interrupt()
    }
}

/// A failure, shared by all requests that wait for the same credentials.
#[derive(Debug)]
struct Again(Arc<CredentialsError>);

fn again(error: &Arc<CredentialsError>) -> CredentialsError {
    CredentialsError::provider_error(Again(Arc::clone(error)))
}

impl fmt::Display for Again {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl Error for Again {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.0)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::UNIX_EPOCH;

    use aws_config::BehaviorVersion;
    use aws_smithy_async::time::TimeSource;
    use aws_smithy_types::DateTime;

    use super::*;

    /// A machine's clock, which moves with tokio's.
    #[derive(Debug)]
    struct Machine(Instant);

    impl Machine {
        const EPOCH: u64 = 1_795_442_400;
    }

    impl TimeSource for Machine {
        fn now(&self) -> SystemTime {
            UNIX_EPOCH + Duration::from_secs(Self::EPOCH) + self.0.elapsed()
        }
    }

    /// Returns what a test wants, and counts the requests.
    #[derive(Debug)]
    struct Gives {
        /// For how many seconds they are good, by AWS's clock, each time; `None` fails.
        lives: Vec<Option<i64>>,
        ahead: i64,
        began: Instant,
        asked: Arc<AtomicUsize>,
    }

    impl ProvideCredentials for Gives {
        fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
        where
            Self: 'a,
        {
            let number = self.asked.fetch_add(1, Ordering::SeqCst);
            let life = self.lives.get(number).or(self.lives.last()).copied().flatten();
            let now = self.began.elapsed().as_secs() as i64;
            future::ProvideCredentials::new(async move {
                tokio::time::sleep(Duration::from_millis(100)).await;
                let life = life.ok_or_else(|| CredentialsError::provider_error("the program ended with 1"))?;
                Ok(credentials(Some(Machine::EPOCH as i64 + self.ahead + now + life)))
            })
        }
    }

    fn credentials(end: Option<i64>) -> Credentials {
        let end = end.map(|second| UNIX_EPOCH + Duration::from_secs(second as u64));
        Credentials::new("AKIA", "secret", None, end, "test")
    }

    /// Returns credentials that are valid for `first` seconds, others after them, and a count of the requests. AWS's
    /// clock is `ahead` of ours.
    fn keeping(ahead: i64, first: Option<i64>, lives: &[Option<i64>]) -> (Arc<KeptCredentials>, Arc<AtomicUsize>) {
        let (began, asked, server) = (Instant::now(), Arc::default(), ServerClock::of_its_own());
        let lives = lives.to_vec();
        let then = SharedCredentialsProvider::new(Gives { lives, ahead, began, asked: Arc::clone(&asked) });
        let second = Machine::EPOCH as i64;
        let date = DateTime::from_secs(second + ahead);
        server.learn(&date, second * 1_000, second * 1_000);
        let given = Ok(credentials(first.map(|life| second + ahead + life)));
        let local = SharedTimeSource::new(Machine(began));
        (Arc::new(KeptCredentials { then, local, server, held: Mutex::new(Held::new(given)) }), asked)
    }

    /// By how many seconds AWS's clock is ahead of ours.
    const SKEWS: [i64; 7] = [-3_600, -1_200, -200, 0, 200, 1_200, 3_600];

    /// Returns how often others are requested, in this many seconds with a call in each.
    async fn asked_in(seconds: u64, (kept, asked): &(Arc<KeptCredentials>, Arc<AtomicUsize>)) -> usize {
        for _ in 0..seconds {
            let _ = kept.provide_credentials().await;
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        asked.load(Ordering::SeqCst)
    }

    #[tokio::test(start_paused = true)]
    async fn others_are_asked_for_shortly_before_their_end_whatever_our_clock_says() {
        for ahead in SKEWS {
            let it = keeping(ahead, Some(300), &[Some(300)]);
            assert_eq!(asked_in(280, &it).await, 0, "AWS {ahead} s ahead: they are good");
            assert_eq!(asked_in(20, &it).await, 1, "AWS {ahead} s ahead: ten seconds before their end");
            assert!((3..=4).contains(&asked_in(900, &it).await), "AWS {ahead} s ahead: {:?}", it.1);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_lent_ends_by_our_clock_and_within_a_minute() {
        for ahead in SKEWS {
            for (life, longest) in [(300, 60), (30, 30), (-60, 0)] {
                let (kept, _) = keeping(ahead, Some(life), &[Some(life)]);
                let end = kept.provide_credentials().await.unwrap().expiry().unwrap();
                let left = end.duration_since(kept.local.now()).map_or(0, |left| left.as_secs());
                assert!(left.abs_diff(longest) <= 1, "AWS {ahead} s ahead, {life} s: lent for {left} s");
            }
        }
        let (mut kept, _) = keeping(0, None, &[]);
        let end = kept.provide_credentials().await.unwrap().expiry().unwrap();
        assert_eq!(end, kept.local.now() + LENT, "without an end too, so that they are looked for again");
        Arc::get_mut(&mut kept).unwrap().server = ServerClock::of_its_own();
        let end = kept.provide_credentials().await.unwrap().expiry().unwrap();
        assert_eq!(end, kept.local.now(), "what AWS's clock says is not known yet");
    }

    #[tokio::test(start_paused = true)]
    async fn who_gives_none_or_expired_ones_is_not_asked_for_every_request() {
        for ahead in SKEWS {
            for life in [Some(-60), None] {
                let it = keeping(ahead, Some(-60), &[life]);
                // Each takes a tenth of a second, too.
                let asked = asked_in(60, &it).await;
                assert!((9..=12).contains(&asked), "AWS {ahead} s ahead, {life:?}: {asked} times in a minute");
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn all_who_wait_are_reported_the_same_by_one_question() {
        for (life, is_good) in [(Some(300), true), (None, false)] {
            let (kept, asked) = keeping(0, Some(5), &[life]);
            tokio::time::sleep(Duration::from_secs(6)).await;
            let mut waiting = tokio::task::JoinSet::new();
            for _ in 0..8 {
                let kept = Arc::clone(&kept);
                waiting.spawn(async move { kept.provide_credentials().await });
            }
            for result in waiting.join_all().await {
                assert_eq!(result.is_ok(), is_good, "{result:?}");
                if let Err(error) = result {
                    let words = super::super::unanswered::credentials_words(&error);
                    assert!(words.contains("the program ended with 1"), "{words}");
                }
            }
            assert_eq!(asked.load(Ordering::SeqCst), 1, "{life:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn while_others_cannot_be_had_the_old_ones_are_used_to_their_end() {
        let it = keeping(0, Some(30), &[None, None, Some(300)]);
        let (kept, asked) = &it;
        for second in 0..60 {
            let is_good = kept.provide_credentials().await.is_ok();
            let expected = asked.load(Ordering::SeqCst) != 2
                || kept.local.now() < UNIX_EPOCH + Duration::from_secs(Machine::EPOCH + 30);
            assert_eq!(is_good, expected, "second {second}");
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        assert_eq!(asked.load(Ordering::SeqCst), 3);
    }

    #[tokio::test(start_paused = true)]
    async fn credentials_without_an_end_are_looked_for_again_after_a_quarter_of_an_hour() {
        let it = keeping(0, None, &[Some(3_600)]);
        assert_eq!(asked_in(899, &it).await, 0);
        assert_eq!(asked_in(3, &it).await, 1);
    }

    #[test]
    fn a_configuration_without_credentials_stays_as_it_is() {
        let config = SdkConfig::builder().behavior_version(BehaviorVersion::v2026_01_12()).build();
        assert!(kept(config, credentials(None), ServerClock::of_its_own()).credentials_provider().is_none());
    }
}
