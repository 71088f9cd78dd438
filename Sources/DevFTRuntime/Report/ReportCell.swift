/// One cell of a report's table.
struct ReportCell {
  var text: String
  var style = ""
  /// File that the text leads to, relative to the page.
  var link: String?

  var markup: Markup {
    let text = Markup.text(text)
    return .tag("td", ["class": style], link.map { .tag("a", ["href": $0], text) } ?? text)
  }
}
