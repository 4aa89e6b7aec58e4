//! Recipes: files and options that solve one problem, fitted to an environment.

mod alarms;
mod https_redirect;
mod meteor;
mod output;
mod site;
mod websocket;
mod worker_connections;

use std::fmt;

use output::RecipeOutput;
pub(super) use site::RecipeSite;

/// A recipe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recipe {
    /// `WebSockets` that stay open while they are quiet, and a fallback that stays with its target.
    Websocket,
    /// More connections for each worker of nginx.
    WorkerConnections,
    /// Port 80 redirects to HTTPS.
    HttpsRedirect,
    /// The alarms that an environment should have.
    Alarms,
    /// The build and deployment of a Meteor application.
    Meteor,
}

/// Every recipe with its name and what it is for.
pub const RECIPES: &[(Recipe, &str, &str)] = &[
    (Recipe::Websocket, "websocket", "quiet WebSockets stay open, and polling fallbacks stay with their target"),
    (Recipe::WorkerConnections, "worker-connections", "more connections for each worker of nginx, with its file limit"),
    (Recipe::HttpsRedirect, "https-redirect", "port 80 redirects to HTTPS"),
    (Recipe::Alarms, "alarms", "the CloudWatch alarms that the environment should have"),
    (Recipe::Meteor, "meteor", "builds and deploys a Meteor application"),
];

/// Why a recipe does not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecipeRefusal {
    /// The recipe.
    pub recipe: &'static str,
    /// The reason, in a sentence without its full stop.
    pub reason: String,
}

impl Recipe {
    /// The recipe of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        RECIPES.iter().find(|(_, known, _)| *known == name).map(|(recipe, ..)| *recipe)
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        RECIPES.iter().find(|(recipe, ..)| *recipe == self).map_or("", |(_, name, _)| name)
    }

    pub(super) fn make(self, site: &RecipeSite<'_>) -> Result<RecipeOutput, RecipeRefusal> {
        let made = match self {
            Self::Websocket => websocket::make(site),
            Self::WorkerConnections => worker_connections::make(site),
            Self::HttpsRedirect => https_redirect::make(site),
            Self::Alarms => alarms::make(site),
            Self::Meteor => meteor::make(site),
        };
        made.map_err(|reason| RecipeRefusal { recipe: self.name(), reason })
    }
}

impl fmt::Display for RecipeRefusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "recipe {}: {}", self.recipe, self.reason)
    }
}
