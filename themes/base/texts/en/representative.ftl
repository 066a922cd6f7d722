# The sales representative: who it is, and a message to them.
errand-representative = Write to your sales representative
representative-title = Your sales representative
representative-lead = Call them, or write to them. They and our staff will see the message.
representative-send = Send message
representative-name = Sales representative
representative-phone = Telephone
representative-email = E-mail
representative-words = Your message
representative-words-hint = At most 5,000 characters.
representative-none = Nobody is your sales representative yet. We will help you on our common line.
