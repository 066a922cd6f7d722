# Staff who sign in through their company's identity provider.
provider-lead = Do you have a company account? Sign in with it.
provider-begin = Sign in with the company account
provider-leaving = On to your company's sign-in
provider-leaving-lead = You come back here once you have signed in. If nothing happens, press the button.
provider-go = Continue
provider-away = The company's sign-in does not answer now. Try again in a while, or sign in with name, password and code.
provider-refused = The company's sign-in could not be verified. Try again; if that does not help, ask your lead.
provider-lost = This attempt to sign in no longer holds, or began elsewhere. Please start again.
provider-unknown = This company account has no access here. Ask your lead for an invitation to the same e-mail.
provider-no-factor = The company account confirmed no second factor, and you have none set up here. Ask your lead to renew it.
provider-code-lead = Your company account is verified. What remains is the one-time code from your authenticator.
provider-code-wrong = The code is not right. Each works only once; type the one the application shows now.
