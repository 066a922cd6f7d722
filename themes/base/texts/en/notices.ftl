# Messages we send.
notice-greeting = Hello,
notice-help = Need advice? We are on the phone and by e-mail:
notice-why = We send you this because you receive settlements electronically. Please do not reply.
notice-settlement-subject = You have a new settlement
notice-settlement-sentence = your new settlement is ready in electronic form.
notice-settlement-where = You will find it here after signing in:
notice-settlement-open = Open the settlement
