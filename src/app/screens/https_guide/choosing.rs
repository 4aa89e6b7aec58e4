//! The pages of the guide: the certificate, the TLS policy, the route, the redirect; then it shows
//! everything that would be done.

use crate::app::list::ListState;
use crate::change::Route;
use crate::change::https::{
    Candidate, Choice, HostNames, HttpsInputs, HttpsStage, Origin, Proposal, Redirecting, candidates, in_order, is_old,
    is_recommended,
};
use crate::config::Role;
use crate::model::{Moment, TlsPolicy, clean};

/// A page of the guide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GuidePage {
    /// Which certificate.
    Certificate,
    /// Which TLS policy.
    Policy,
    /// By which route the listener is made.
    Route,
    /// The behaviour of port 80.
    Redirect,
    /// Nothing: it shows what would be done.
    Review,
}

/// What was read, and what is chosen so far.
#[derive(Clone, Debug)]
pub struct Choosing {
    /// What was read.
    pub site: HttpsInputs,
    /// The names that the certificate has to cover.
    pub hosts: HostNames,
    /// The certificates, the best first.
    pub certificates: Vec<Candidate>,
    /// The policies, the best first.
    pub policies: Vec<TlsPolicy>,
    /// The page.
    pub page: GuidePage,
    /// The line that is selected on each page, in the order of the pages.
    rows: [ListState; 5],
    /// What would be done, on the last page.
    pub proposal: Option<Proposal>,
}

impl Choosing {
    /// The first question.
    #[must_use]
    pub fn new(site: HttpsInputs, configured: &[String], now: Moment) -> Self {
        let hosts = site.host_names(configured);
        let mut certificates = candidates(site.snapshot.inventory.certificates.values(), &hosts, now);
        // Where there is a listener, its own certificate is the one that clients see.
        let own = site.listener(443).and_then(|listener| listener.certificates.first().cloned());
        certificates.sort_by_key(|it| own.is_some() && Some(&it.certificate.key.id) != own.as_ref());
        let policies = in_order(site.policies.clone());
        let page = if site.has_listener() { GuidePage::Redirect } else { GuidePage::Certificate };
        Self { site, hosts, certificates, policies, page, rows: [ListState::default(); 5], proposal: None }
    }

    /// Returns why nothing can be chosen.
    #[must_use]
    pub fn obstacle(&self) -> Option<&'static str> {
        match () {
            () if self.certificates.is_empty() => {
                Some("ACM has no certificate in this region: request one there first, for a domain of your own")
            }
            () if self.policies.is_empty() => Some("AWS lists no TLS policy for application load balancers"),
            () => None,
        }
    }

    /// Returns which step the page is, and of how many: where there is a listener, the first three are not asked.
    #[must_use]
    pub fn step(&self) -> (usize, usize) {
        let first = if self.site.has_listener() { GuidePage::Redirect } else { GuidePage::Certificate } as usize;
        (self.page as usize - first + 1, GuidePage::Review as usize - first + 1)
    }

    /// The lines of the page as a list.
    #[must_use]
    pub fn rows(&self) -> &ListState {
        &self.rows[self.page as usize]
    }

    /// The same, to move in it.
    pub fn rows_mut(&mut self) -> &mut ListState {
        &mut self.rows[self.page as usize]
    }

    /// Moves the selection, or scrolls what is shown.
    pub fn move_by(&mut self, rows: isize) {
        let is_text = self.page == GuidePage::Review;
        let list = self.rows_mut();
        if is_text { list.scroll_by(rows) } else { list.move_by(rows) }
    }

    /// The question, in a line.
    #[must_use]
    pub fn question(&self) -> String {
        match self.page {
            GuidePage::Certificate => {
                let names = self.hosts.names.join(", ");
                match self.hosts.origin {
                    Origin::Configured => format!("The certificate, for {names} (hostnames in the configuration)"),
                    Origin::Rules => format!("The certificate, for {names} (listener rules)"),
                    Origin::Certificate => {
                        "The certificate; no host names are known, so its own names count".to_owned()
                    }
                }
            }
            GuidePage::Policy => "The TLS policy: which clients can connect".to_owned(),
            GuidePage::Route => "How the listener on port 443 is made".to_owned(),
            GuidePage::Redirect => {
                let already = self.site.redirected().map(|words| format!(" ({words})")).unwrap_or_default();
                format!("What clients of port 80 get, once HTTPS is proven to work{already}")
            }
            GuidePage::Review => "What would be done, in this order; {open} goes on to the confirmation".to_owned(),
        }
    }

    /// The lines of the page.
    #[must_use]
    pub fn lines(&self) -> Vec<(String, Role)> {
        match self.page {
            GuidePage::Certificate => self.certificates.iter().map(certificate_line).collect(),
            GuidePage::Policy => self.policies.iter().map(policy_line).collect(),
            GuidePage::Route => ROUTES.iter().map(|(_, words)| ((*words).to_owned(), Role::Text)).collect(),
            GuidePage::Redirect => {
                self.site.redirects().into_iter().map(|it| (redirect_words(it).to_owned(), Role::Text)).collect()
            }
            GuidePage::Review => self.proposal.as_ref().map(review).unwrap_or_default(),
        }
    }

    /// Applies the selection, and turns to the next page.
    ///
    /// # Errors
    /// Why it cannot be applied.
    pub fn choose(&mut self) -> Result<(), String> {
        self.page = match self.page {
            GuidePage::Certificate => {
                let chosen = self.certificates.get(self.rows().selected()).filter(|it| it.unfit.is_some());
                if let Some(why) = chosen.and_then(Candidate::objection) {
                    return Err(format!("this certificate cannot be taken: {why}"));
                }
                GuidePage::Policy
            }
            GuidePage::Policy => GuidePage::Route,
            GuidePage::Route => GuidePage::Redirect,
            GuidePage::Redirect => {
                let choice = self.choice().ok_or("nothing is chosen")?;
                self.proposal = Some(self.site.propose(&choice).map_err(|refusal| refusal.to_string())?);
                self.rows[GuidePage::Review as usize] = ListState::default();
                GuidePage::Review
            }
            GuidePage::Review => GuidePage::Review,
        };
        Ok(())
    }

    /// Turns back a page; false on the first.
    pub fn turn_back(&mut self) -> bool {
        let before = match self.page {
            GuidePage::Certificate => return false,
            GuidePage::Redirect if self.site.has_listener() => return false,
            GuidePage::Policy => GuidePage::Certificate,
            GuidePage::Route => GuidePage::Policy,
            GuidePage::Redirect => GuidePage::Route,
            GuidePage::Review => GuidePage::Redirect,
        };
        self.page = before;
        true
    }

    fn choice(&self) -> Option<Choice> {
        let selected = |page: GuidePage| self.rows[page as usize].selected();
        Some(Choice {
            certificate: self.certificates.get(selected(GuidePage::Certificate))?.clone(),
            policy: self.policies.get(selected(GuidePage::Policy))?.clone(),
            redirecting: self.site.redirects().get(selected(GuidePage::Redirect)).copied()?,
            route: ROUTES.get(selected(GuidePage::Route)).map(|(route, _)| *route)?,
        })
    }
}

const ROUTES: [(Route, &str); 2] = [
    (Route::Beanstalk, "beanstalk  an update of the environment: Beanstalk makes the listener, and keeps it"),
    (Route::Elb, "elb        at once, on the load balancer: Beanstalk does not know of it"),
];

fn certificate_line(it: &Candidate) -> (String, Role) {
    let key = it.certificate.key_algorithm.as_deref().unwrap_or("?");
    let days = match it.days {
        Some(days) if it.unfit.is_none() => format!("{days} d"),
        _ => String::new(),
    };
    let fits = match it.objection() {
        Some(why) => why,
        None if it.covered.is_empty() => it.certificate.names.join(", "),
        None => "covers all".to_owned(),
    };
    let role = if it.unfit.is_some() { Role::Dim } else { Role::Text };
    (format!("{:<26} {days:>6}  {key:<13}  {}", clean(it.name()), clean(&fits)), role)
}

fn policy_line(it: &TlsPolicy) -> (String, Role) {
    let note = match () {
        () if is_recommended(it) => "  recommended",
        () if is_old(it) => "  old clients too",
        () => "",
    };
    let protocols: Vec<_> = it.protocols.iter().map(|protocol| protocol.trim_start_matches("TLSv")).collect();
    let role = if is_old(it) { Role::Dim } else { Role::Text };
    (format!("{:<42} TLS {}{note}", clean(&it.name), protocols.join(" ")), role)
}

fn redirect_words(it: Redirecting) -> &'static str {
    match it {
        Redirecting::No => "what they get now",
        Redirecting::Temporary => "a redirect to HTTPS (302): it can be taken back",
        Redirecting::Permanent => "a permanent redirect (301): browsers remember it for ever",
    }
}

/// Everything that would be done, with its calls, and what there is to know.
fn review(proposal: &Proposal) -> Vec<(String, Role)> {
    let operation = &proposal.operation;
    let setup = operation.setup.as_ref();
    let waits_once = setup.is_some_and(|setup| setup.route == Route::Beanstalk && setup.stages.len() > 1);
    let mut lines = Vec::new();
    for (place, step) in operation.steps.iter().enumerate() {
        let waits = if place == 0 && waits_once { "; then wait for Ready" } else { "" };
        lines.push((format!("{}  {}{waits}", place + 1, step.work), Role::Title));
        let stage = operation.undertaking(place).and_then(|it| it.setup.stage(it.step));
        lines.extend(stage.and_then(HttpsStage::words).map(|it| (format!("   {it}"), Role::Text)));
        for call in operation.calls_of(place) {
            // The confirmation shows exactly what is sent afterwards.
            let reported =
                if call.operation().starts_with("Validate") { vec![call.operation().to_owned()] } else { call.lines() };
            lines.extend(reported.into_iter().map(|it| (format!("   {}", clean(&it)), Role::Dim)));
        }
    }
    lines.push((String::new(), Role::Text));
    lines.extend(proposal.dangers.iter().map(|it| (format!("! {it}."), Role::Warning)));
    lines.extend(proposal.warnings.iter().map(|it| (format!("- {it}."), Role::Text)));
    lines.push((format!("Serves: {}", proposal.serves), Role::Text));
    lines
}
