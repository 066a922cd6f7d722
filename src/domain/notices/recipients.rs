//! By which ways one person is told.
use super::{Channel, Told};

/// What was chosen holds; else the catalogue does for owners, and others are told nothing unasked. Of a log-in nobody can choose not to hear.
pub fn ways(told: &Told, is_owner: bool, chosen: impl Fn(Channel) -> Option<bool>) -> Vec<Channel> {
    let usual = |channel| is_owner && told.is_on(channel);
    let is_on = |channel: &Channel| match chosen(*channel) {
        Some(choice) if told.is_choice => choice,
        _ => usual(*channel),
    };
    [Channel::Mail, Channel::Sms].into_iter().filter(is_on).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{CATALOGUE, Event};
    use super::*;

    #[test]
    fn an_owner_hears_by_mail_and_whoever_was_let_in_hears_nothing_unasked() {
        for told in &CATALOGUE {
            assert_eq!(
                ways(told, true, |_| None),
                if told.mail { vec![Channel::Mail] } else { vec![] },
                "{}",
                told.key
            );
            assert_eq!(ways(told, false, |_| None), vec![], "{}", told.key);
        }
    }

    #[test]
    fn a_choice_holds_for_both_but_not_against_security() {
        for is_owner in [true, false] {
            for told in CATALOGUE.iter().filter(|told| told.is_choice) {
                assert_eq!(ways(told, is_owner, |_| Some(true)), [Channel::Mail, Channel::Sms]);
                assert_eq!(ways(told, is_owner, |_| Some(false)), []);
            }
        }
        assert_eq!(ways(Event::Security.told(), true, |_| Some(false)), [Channel::Mail]);
    }
}
