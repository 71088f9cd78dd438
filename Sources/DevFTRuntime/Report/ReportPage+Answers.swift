extension ReportPage {
  /// Questions and answers.
  var answers: Markup? {
    guard !data.answers.isEmpty else { return nil }
    return Page.section(
      "Answers",
      "Held-out requests, answered greedily.",
      .tag("div", ["class": "answers"], data.answers.map(Self.card))
    )
  }

  /// A question with what was expected and what came, on a card.
  static func card(_ answer: ReportAnswer) -> Markup {
    let expected = answer.expected.map { row("expected", $0, verdict: .group([])) }
    let outputs = answer.outputs.map { output in
      row(output.method, output.text, verdict: verdict(output.text, answer.expected))
    }
    let rows = (expected.map { [$0] } ?? []) + outputs
    return .tag(
      "div",
      ["class": "card answer"],
      .tag("div", [:], .text(answer.prompt)),
      .tag("table", [:], .tag("tbody", [:], rows))
    )
  }

  private static func row(_ name: String, _ text: String, verdict: Markup) -> Markup {
    .tag(
      "tr",
      [:],
      .tag("td", [:], .text(name)),
      .tag("td", ["class": "left"], .tag("code", [:], .text(text))),
      .tag("td", [:], verdict)
    )
  }

  private static func verdict(_ text: String, _ expected: String?) -> Markup {
    guard let expected else { return .group([]) }
    let isRight = text == expected
    let style = ["class": isRight ? "yes" : "no", "title": isRight ? "exact match" : "no match"]
    let attributes = style.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    return .element(name: "span", attributes: attributes, children: [isRight ? "✓" : "✗"])
  }
}
