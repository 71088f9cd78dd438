/// One HTML file that needs nothing else: title, settings in short, sections.
struct Page {
  var title: String
  /// Line below the title; may be empty.
  var subtitle = ""
  /// What is set, in short.
  var settings: [ReportData.Setting] = []
  var sections: [Markup]

  /// The whole file.
  var html: String {
    let head = Markup.tag(
      "head",
      [:],
      .tag("meta", ["charset": "utf-8"], []),
      .tag("meta", ["name": "viewport", "content": "width=device-width,initial-scale=1"], []),
      .tag("title", [:], .text(title)),
      .styleSheet(ReportStyle.css)
    )
    let body = Markup.tag("body", [:], .tag("main", [:], [header] + sections + [Self.footer]))
    return "<!doctype html>\n" + Markup.tag("html", ["lang": "en"], head, body).html + "\n"
  }

  private var header: Markup {
    .group([
      .tag("h1", [:], .text(title)),
      subtitle.isEmpty ? .group([]) : .tag("p", ["class": "sub"], .text(subtitle)),
      settings.isEmpty ? .group([]) : .tag("dl", ["class": "card"], settings.map(Self.entry)),
    ])
  }

  private static func entry(_ setting: ReportData.Setting) -> Markup {
    .tag(
      "div",
      [:],
      .tag("dt", [:], .text(setting.name)),
      .tag("dd", [:], .text(setting.value))
    )
  }

  private static var footer: Markup {
    .tag(
      "footer",
      [:],
      """
      Losses are means over target tokens, in nats. Bytes count all clients together; 1 MB is \
      1,000,000 bytes. Written by devft.
      """
    )
  }
}

// MARK: - Parts of sections

extension Page {
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
  ///
  /// A column is aligned as the cells of its first row are.
  static func table(_ columns: [String], _ rows: [[ReportCell]], isDense: Bool = false) -> Markup {
    let heads = columns.enumerated().map { index, column in
      let isLeft = rows.first?[index].style.hasPrefix("left") ?? false
      let style = isLeft ? "left" : "wrap"
      return Markup.tag("th", ["class": style, "scope": "col"], .text(column))
    }
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
