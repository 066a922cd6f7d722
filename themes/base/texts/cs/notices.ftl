# Zprávy, které posíláme.
notice-greeting = Dobrý den,
notice-help = Potřebujete poradit? Jsme na telefonu a na e-mailu:
notice-why = Tuto zprávu posíláme, protože máte zapnuté elektronické vyúčtování. Neodpovídejte na ni, prosím.
notice-settlement-subject = Máte nové vyúčtování
notice-settlement-sentence = připravili jsme pro vás nové vyúčtování v elektronické podobě.
notice-settlement-where = Najdete ho po přihlášení na této adrese:
notice-settlement-open = Otevřít vyúčtování
