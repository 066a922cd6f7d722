# The operator's desk and the platform's console.
operator-name = Portal administration
operator-customers = Customers
operator-features-on = Features on
operator-features-off = { $count ->
    [0] Nothing is switched off.
    [one] { $count } feature is off.
   *[other] { $count } features are off.
}
operator-revision = Revision
operator-reach = { $instances ->
    [one] live on the only instance
   *[other] live on { $loaded } of { $instances } instances
}
operator-features-lead = What your contract buys. A feature switched off disappears for customers at once and everywhere; what is stored stays.
operator-saved = Saved. The change of "{ $name }" is live on every server.
operator-off-since = Off since { $at }, { $by }:
operator-on = on
operator-off = off
operator-turn-on = Switch on
operator-turn-off = Switch off
operator-history = History
operator-when = When
operator-who = Who
operator-why = Why
operator-undo = Undo
operator-confirm-off = Switch off: { $name }
operator-confirm-on = Switch on: { $name }
operator-at-once = The change takes effect at once, and you can undo it.
operator-reason = Reason
operator-reason-hint = Your colleagues will see it in the history.
operator-cancel = Leave as it is
platform-name = Platform console
platform-total = { $count ->
    [one] { $count } supplier
   *[other] { $count } suppliers
}
platform-supplier = Supplier
platform-portal = Portal
platform-state = State
platform-origin = Origin
platform-theme = Theme
platform-features = Features
platform-off = Off
platform-aliases = Other hosts
platform-command = Command
platform-document = Document and contract
onboard-lead = Fill in the form or upload a TOML document. We check everything at once and bring the portal live without a restart.
onboard-problems = Not ready to go live:
onboard-form = Form
onboard-slug = Short name (lower-case letters, digits, hyphen)
onboard-name-cs = Supplier's name in Czech
onboard-name-en = Name in English
onboard-portal-cs = Portal's name in Czech
onboard-portal-en = Portal's name in English
onboard-host = Host, without port
onboard-mount = Path, empty = /
onboard-phone = Customer line
onboard-fault-line = Fault line
onboard-email = E-mail
onboard-address = Postal address
onboard-account = Bank account (prefix-number/bank)
onboard-mail-from = Sender of e-mails
onboard-theme = Theme
onboard-upload = Document
onboard-upload-hint = An uploaded or pasted document goes before the form.
onboard-document-file = File tenants/….toml
onboard-document = or paste TOML
onboard-policy-file = File policies/….csv
onboard-policy = or paste the contract's CSV; otherwise the ticked features count
onboard-send = Check and go live
onboard-done = { $name } is live
onboard-detail = The supplier's details
messages-lead = Everything that left: e-mails, SMS and letters. In the demo only.
messages-channel = Channel
messages-to = To
messages-subject = Subject
messages-none = Nothing has left yet.
messages-not-yet = (not sent yet)
messages-links = Links in the message
operator-until = Switch on by itself on
operator-until-hint = Optional. On that day the feature comes on by itself, without a restart; that too can be undone.
operator-off-until = Comes on by itself on { $day }.
operator-flip-until-wrong = The day must lie ahead, written 2027-01-31. Leave it empty to switch it on yourself.
platform-nav-catalogue = Catalogue
catalogue-title = Catalogue
catalogue-lead = Every part of the pages in this theme. What they say is made up.
catalogue-themes = Themes
catalogue-colours = Colours
catalogue-type = Type
catalogue-actions = Buttons and links
catalogue-pages = Pages of the list
catalogue-newer = Newer
catalogue-older = Older
catalogue-forms = Forms
catalogue-steps = Steps
catalogue-said = What is said
catalogue-numbers = Tables and charts
messages-as-mail = Show as a mail program would
