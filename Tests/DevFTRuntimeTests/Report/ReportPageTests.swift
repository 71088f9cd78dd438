import DevFTFederation
import Foundation
import Testing

@testable import DevFTRuntime

@Suite("Report page")
struct ReportPageTests {
  static let html = ReportPage(SampleReport.data).html

  @Test("the page stands alone: no address, no script, no import")
  func standsAlone() {
    for forbidden in ["http", "<script", "src=", "@import", "url(", "<link"] {
      #expect(!Self.html.contains(forbidden), "\(forbidden)")
    }
    #expect(Self.html.hasPrefix("<!doctype html>\n<html"))
    #expect(Self.html.contains("prefers-color-scheme:dark"))
  }

  @Test("every element is closed in the right order", arguments: [html, emptyPage, hostilePage])
  func wellFormed(page: String) {
    var open: [Substring] = []
    for piece in page.dropFirst("<!doctype html>".count).split(separator: "<").dropFirst() {
      guard let end = piece.firstIndex(of: ">") else { continue }
      let tag = piece[..<end]
      let name = tag.prefix { $0 != " " && $0 != "/" }
      if tag.hasPrefix("/") {
        #expect(open.popLast() == tag.dropFirst())
      } else if !tag.hasSuffix("/") {
        open.append(name)
      }
    }
    #expect(open.isEmpty)
  }

  static var emptyPage: String { ReportPage(ReportData(title: "")).html }

  static var hostilePage: String {
    let attack = "<script>alert('x')</script>\"&\u{1}"
    var data = SampleReport.data
    data.title = attack
    data.subtitle = attack
    data.settings = [.init(name: attack, value: attack)]
    data.results = [ReportResult(method: attack)]
    data.series = data.series.map { ReportSeries(method: attack, points: $0.points) }
    let outputs = [ReportAnswer.Output(method: attack, text: attack)]
    data.answers = [ReportAnswer(prompt: attack, expected: attack, outputs: outputs)]
    return ReportPage(data).html
  }

  @Test("text of users is shown and not run")
  func escaping() {
    let page = Self.hostilePage
    #expect(!page.contains("<script"))
    #expect(!page.contains("alert('x')"))
    #expect(page.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&quot;&amp;\u{FFFD}"))
  }

  @Test("empty data make a page without sections")
  func empty() {
    #expect(!Self.emptyPage.contains("<section"))
    var data = ReportData(title: "t")
    data.series = [ReportSeries(method: "m", points: [])]
    data.stages = [ReportStage(stage: 1, capacity: 4, rounds: 1)]
    data.similarity = [[]]
    data.answers = [ReportAnswer(prompt: "p", outputs: [])]
    #expect(ReportPage(data).html.contains("Nothing was measured."))
  }

  @Test(
    "numbers that are not finite are dashes and gaps",
    arguments: [Double.nan, .infinity, -.infinity, 1e308, -1e308, 1e-307]
  )
  func notFinite(value: Double) {
    var data = SampleReport.data
    data.results[1].heldOutLoss = value
    data.results[1].seconds = value
    data.results[1].bytesUp = Int.max
    data.series[0].points[5].heldOutLoss = value
    data.series[0].points[7].trainingLoss = value
    data.series[0].points[9].seconds = value
    data.series[1].points[3].traffic.loraUp = Int.max
    data.stages[0].cosine = value
    data.similarity[2][3] = value
    let page = ReportPage(data).html
    for word in ["nan", "inf\"", "inf ", "NaN "] { #expect(!page.contains(word), "\(word)") }
  }

  @Test("a similarity that is not square is left out")
  func notSquare() {
    #expect(SimilarityMap(rows: [[1, 0], [0]], stages: []) == nil)
    #expect(SimilarityMap(rows: [], stages: []) == nil)
  }

  @Test("groups that name layers out of range are not drawn")
  func strangeGroups() throws {
    let map = try #require(
      SimilarityMap(rows: [[1, 0.5], [0.5, 1]], stages: [("s", [[0, 9], [-1]])])
    )
    #expect(map.figure.html.components(separatedBy: "class=\"group g").count == 2)
  }

  @Test("the best numbers are marked, the traffic added up, the same loss looked up")
  func tables() {
    #expect(Self.html.contains("<td class=\"best\">0.2127</td>"))
    #expect(Self.html.contains("<td class=\"best\">61.5 %</td>"))
    #expect(Self.html.components(separatedBy: "class=\"best\"").count == 3)
    #expect(Self.html.contains("held-out loss of 0.2400"))
    #expect(Self.html.contains("<td class=\"\">590 MB</td>"))
    #expect(Self.html.contains("<td class=\"groups\">10, 6, 8, 6</td>"))
    #expect(Self.html.contains("<td class=\"groups\">15 × 2</td>"))
  }

  @Test("an answer is marked right only when it equals the expected one")
  func verdicts() {
    #expect(Self.html.components(separatedBy: "title=\"exact match\"").count == 3)
    #expect(Self.html.components(separatedBy: "title=\"no match\"").count == 5)
  }

  @Test("data survive JSON")
  func coding() throws {
    let data = SampleReport.data
    let json = try JSONEncoder().encode(data)
    #expect(try JSONDecoder().decode(ReportData.self, from: json) == data)
    #expect(String(decoding: json, as: UTF8.self).contains("\"lora_up\""))
  }
}
