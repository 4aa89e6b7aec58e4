//! The Security Token Service: who we are. AWS allows this call to every caller, whatever the policies are.

use std::sync::Arc;

use super::call::Call;
use super::convert::text;
use crate::model::{Answer, Batch, Covers, Fault, Identity};

pub(super) async fn identity(call: &mut Call<'_>) -> Result<Batch, Arc<Fault>> {
    let client = &call.clients().sts;
    let answer = call.send(|| client.get_caller_identity().send()).await?;
    let identity = Identity { account: text(answer.account()), arn: text(answer.arn()) };
    Ok(Batch { covers: Covers::All, answer: Answer::Identity(identity) })
}
