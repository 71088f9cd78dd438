/// The report of a run: one HTML file that needs nothing else.
///
/// ```swift
/// try Data(ReportPage(data).html.utf8).write(to: directory.appending(path: "report.html"))
/// ```
/// Numbers that are missing or not finite are dashes and gaps; sections without contents are left
/// out.
public struct ReportPage: Sendable {
  let data: ReportData

  /// Prepares the page.
  ///
  /// - Parameter data: What it shows.
  public init(_ data: ReportData) { self.data = data }

  /// The whole file.
  public var html: String {
    let head = Markup.tag(
      "head",
      [:],
      .tag("meta", ["charset": "utf-8"], []),
      .tag("meta", ["name": "viewport", "content": "width=device-width,initial-scale=1"], []),
      .tag("title", [:], .text(data.title)),
      .styleSheet(ReportStyle.css)
    )
    let body = Markup.tag("body", [:], .tag("main", [:], [header] + sections + [footer]))
    return "<!doctype html>\n" + Markup.tag("html", ["lang": "en"], head, body).html + "\n"
  }

  private var header: Markup {
    .group([
      .tag("h1", [:], .text(data.title)),
      data.subtitle.isEmpty ? .group([]) : .tag("p", ["class": "sub"], .text(data.subtitle)),
      data.settings.isEmpty
        ? .group([])
        : .tag(
          "dl",
          ["class": "card"],
          data.settings.map { setting in
            .tag(
              "div",
              [:],
              .tag("dt", [:], .text(setting.name)),
              .tag("dd", [:], .text(setting.value))
            )
          }
        ),
    ])
  }

  private var sections: [Markup] {
    [results, sameLoss, charts, traffic, stageTable, similarityMap, answers].compactMap { $0 }
  }

  private var footer: Markup {
    .tag(
      "footer",
      [:],
      """
      Losses are means over target tokens, in nats. Bytes count all clients together; 1 MB is \
      1,000,000 bytes. Written by devft.
      """
    )
  }

  /// A heading, a line that explains, and contents.
  static func section(_ title: String, _ note: String, _ contents: Markup) -> Markup {
    .tag(
      "section",
      [:],
      .tag("h2", [:], .text(title)),
      .tag("p", ["class": "note"], .text(note)),
      contents
    )
  }

  /// A table on a card that scrolls when it is wider than the screen.
  static func table(_ columns: [String], _ rows: [[ReportCell]], isDense: Bool = false) -> Markup {
    let heads = columns.map { Markup.tag("th", ["class": "wrap", "scope": "col"], .text($0)) }
    let body = rows.map { Markup.tag("tr", [:], $0.map(\.markup)) }
    return .tag(
      "div",
      ["class": "card scroll"],
      .tag(
        "table",
        ["class": isDense ? "dense" : ""],
        .tag("thead", [:], .tag("tr", [:], heads)),
        .tag("tbody", [:], body)
      )
    )
  }
}

/// One cell of a report's table.
struct ReportCell {
  var text: String
  var style = ""

  var markup: Markup { .tag("td", ["class": style], .text(text)) }
}
