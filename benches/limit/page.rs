//! The page, put together by hand in one pass.
use super::rows::Rows;
use std::fmt::Write;
use time::Date;

pub fn dashboard(tenant: &str, name: &str, menu: &[(&str, &str)], rows: &Rows) -> String {
    let mut page = String::with_capacity(16 * 1024);
    _ = write_page(&mut page, tenant, name, menu, rows);
    page
}

fn write_page(page: &mut String, tenant: &str, name: &str, menu: &[(&str, &str)], rows: &Rows) -> std::fmt::Result {
    write!(page, "<!doctype html><html lang=\"cs\"><head><meta charset=\"utf-8\"><title>Přehled | {tenant}</title>")?;
    page.push_str("<meta name=\"viewport\" content=\"width=device-width\"><link rel=\"stylesheet\" href=\"/assets/base.css\"></head><body>");
    write!(page, "<header class=\"top\"><a class=\"mark\" href=\"/\">{tenant}</a><nav aria-label=\"Hlavní\"><ul>")?;
    for (label, path) in menu {
        write!(page, "<li><a href=\"{path}\">{label}</a></li>")?;
    }
    page.push_str("</ul></nav><p class=\"who\">");
    escape(page, name);
    page.push_str("</p></header><main><h1>Přehled</h1><section class=\"cards\"><h2>Odběrná místa</h2>");
    for point in &rows.points {
        page.push_str("<article class=\"card\"><h3>");
        escape(page, &point.street);
        page.push_str(", ");
        escape(page, &point.city);
        write!(page, "</h3><dl class=\"kv\"><dt>Kód místa</dt><dd>{}</dd></dl>", point.code)?;
        write!(page, "<p><a href=\"/supply-points/{}\">Podrobnosti</a></p></article>", point.id)?;
    }
    page.push_str("</section><section><h2>Spotřeba</h2>");
    chart(page, &rows.months)?;
    page.push_str("</section><section><h2>Faktury</h2><table class=\"table\"><thead><tr><th>Číslo</th><th>Vystavena</th><th>Splatná</th>");
    page.push_str("<th>Částka</th><th>Stav</th></tr></thead><tbody>");
    for invoice in &rows.invoices {
        write!(
            page,
            "<tr><td data-label=\"Číslo\"><a href=\"/settlements/{}\">{}</a></td><td>",
            invoice.id, invoice.number
        )?;
        day(page, invoice.issued)?;
        page.push_str("</td><td>");
        day(page, invoice.due)?;
        page.push_str("</td><td class=\"num\">");
        money(page, invoice.payable)?;
        let is_paid = invoice.paid >= invoice.payable;
        write!(
            page,
            "</td><td><span class=\"tag\">{}</span></td></tr>",
            if is_paid { "Zaplaceno" } else { "K úhradě" }
        )?;
    }
    page.push_str("</tbody></table></section><section><h2>Odečty</h2><table class=\"table\"><thead><tr><th>Den</th>");
    page.push_str("<th>Registr</th><th>Stav</th><th>Spotřeba</th></tr></thead><tbody>");
    for reading in &rows.readings {
        page.push_str("<tr><td data-label=\"Den\">");
        day(page, reading.day)?;
        write!(page, "</td><td>{}</td><td class=\"num\">", reading.register)?;
        grouped(page, reading.state)?;
        page.push_str("</td><td class=\"num\">");
        match reading.consumption {
            Some(used) => grouped(page, used)?,
            None => page.push('–'),
        }
        page.push_str("</td></tr>");
    }
    page.push_str("</tbody></table></section><section><h2>K zaplacení</h2><ul class=\"stack\">");
    for instalment in &rows.instalments {
        page.push_str("<li>");
        day(page, instalment.due)?;
        page.push_str(": ");
        money(page, instalment.amount - instalment.paid)?;
        write!(page, ", variabilní symbol {}</li>", instalment.symbol)?;
    }
    page.push_str("</ul></section></main><footer class=\"bottom\"><p>Potřebujete pomoc? <a href=\"/help\">Nápověda</a></p></footer></body></html>");
    Ok(())
}

fn chart(page: &mut String, months: &[(Date, i64)]) -> std::fmt::Result {
    let most = months.iter().map(|(_, energy)| *energy).max().unwrap_or(1).max(1);
    page.push_str("<svg class=\"chart\" viewBox=\"0 0 600 200\" role=\"img\" aria-label=\"Spotřeba po měsících\">");
    for (index, (month, energy)) in months.iter().enumerate() {
        let height = (180 * energy / most).max(1);
        write!(page, "<rect x=\"{}\" y=\"{}\" width=\"18\" height=\"{height}\"><title>", index * 24 + 4, 190 - height)?;
        write!(page, "{}/{}: ", u8::from(month.month()), month.year())?;
        grouped(page, energy / 1000)?;
        page.push_str(" kWh</title></rect>");
    }
    page.push_str("</svg>");
    Ok(())
}

fn day(page: &mut String, day: Date) -> std::fmt::Result {
    write!(page, "{}. {}. {}", day.day(), u8::from(day.month()), day.year())
}

/// Whole hellers as koruny with a decimal comma.
fn money(page: &mut String, hellers: i64) -> std::fmt::Result {
    if hellers < 0 {
        page.push('−');
    }
    grouped(page, hellers.abs() / 100)?;
    write!(page, ",{:02}\u{a0}Kč", hellers.abs() % 100)
}

/// Thousands parted by a hard space.
fn grouped(page: &mut String, number: i64) -> std::fmt::Result {
    if number >= 1000 {
        grouped(page, number / 1000)?;
        write!(page, "\u{a0}{:03}", number % 1000)
    } else {
        write!(page, "{number}")
    }
}

fn escape(page: &mut String, text: &str) {
    for letter in text.chars() {
        match letter {
            '<' => page.push_str("&lt;"),
            '>' => page.push_str("&gt;"),
            '&' => page.push_str("&amp;"),
            '"' => page.push_str("&quot;"),
            other => page.push(other),
        }
    }
}
