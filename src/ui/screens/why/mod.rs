//! The why page: the state in a line, then the causes.

mod lines;

use ratatui::layout::Rect;

pub use lines::{WhyRoom, why_lines};

use crate::app::screens::WhyView;
use crate::app::{Area, HitMap, Pane, State};
use crate::config::{Role, SignSubject};
use crate::diagnosis::{Fix, WhyAction};
use crate::model::clean;
use crate::ui::canvas::Canvas;
use crate::ui::panes::{TitlePlace, less_and_less, message, title};
use crate::ui::split::split_bottom;

pub fn draw(canvas: &mut Canvas<'_>, area: Rect, state: &State, view: &WhyView, hits: &mut HitMap) {
    let messages = message::choose(state, area, Vec::new());
    let [body, bottom] = split_bottom(area, if messages.is_empty() { 0 } else { message::height(&messages, area) });
    message::draw(canvas, bottom, &messages);
    let Some(page) = &view.page else {
        let words = canvas.keyed("this environment is not listed any more; {back} goes back");
        return message::draw(canvas, body, &[(words, Role::Warning)]);
    };
    let columns = body.width.saturating_sub(2);
    let room = WhyRoom {
        columns: usize::from(columns),
        lines: usize::from(body.height),
        now: state.shown_at(),
        zone: &state.setup.time_zone,
        actions: page.actions.iter().map(|action| canvas.keyed(&action_words(action))).collect(),
        all: &canvas.keyed("{open}"),
    };
    let lines = why_lines(page, &room);
    for ((line, role), y) in lines.iter().zip(body.y..body.bottom()) {
        canvas.text(body.x + 1, y, columns, line, *role);
    }
    let rows = Area { x: body.x, y: body.y, width: body.width, height: body.height };
    hits.add_counted(Pane::Why, rows, lines.len());
}

/// Draws the title: the environment's state, and how many findings are silenced.
pub fn draw_title(canvas: &mut Canvas<'_>, area: Rect, state: &State, view: &WhyView) {
    let mut place = TitlePlace::of(state, &view.key, "Why");
    let mut pieces = Vec::new();
    if let Some(page) = &view.page {
        place.environment = clean(&page.name);
        let sign = canvas.glyphs().sign(SignSubject::Health, &page.health);
        pieces.push((format!("{} {}", sign.glyph, sign.word), sign.role));
        let counts = page.counts.map(|counts| counts.summary());
        let silenced = (!page.silenced.is_empty()).then(|| format!("{} silenced", page.silenced.len()));
        let version = page.version.as_deref().map(|label| clean(label).into_owned());
        let others = [Some(page.status.as_str().to_owned()), version, counts, silenced];
        pieces.extend(others.into_iter().flatten().map(|words| (words, Role::Text)));
    }
    title(canvas, area, &place, &less_and_less(&pieces, 1));
}

/// What an action does, and its key.
fn action_words(action: &WhyAction) -> String {
    match action {
        WhyAction::Abort => "{abort}: abort the update".to_owned(),
        WhyAction::RollBack { version } => format!("{{rollback}}: roll back to {}", clean(version)),
        WhyAction::Change(Fix::Setting { key, value, .. }) => {
            format!("{{open}}, and on the finding {{open}}: {key}={value}")
        }
        WhyAction::Change(Fix::Option { namespace, name, value }) => {
            format!("in .ebextensions: {namespace} {name}: {value}")
        }
        WhyAction::Logs => "{logs}: the instances' logs".to_owned(),
        WhyAction::Replace { instance } => format!("{{back}}, then {{replace}} on {}", clean(instance)),
        WhyAction::Events => "{back}, then {events}: Beanstalk's events".to_owned(),
        WhyAction::Explain { check } => format!("{{open}}: the findings, and what {check} is about"),
    }
}
