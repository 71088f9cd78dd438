import Foundation
import Testing

@testable import DevFTRuntime

@Suite("A study's page")
struct StudyPageTests {
  private static let attack = "<script>alert('x')</script>"

  private static func page(failing: Bool = true) -> String {
    let configuration = RunConfiguration(model: "m", dataPath: "/d")
    let runs = SampleStudy.cells.flatMap { cell in
      SampleStudy.seeds.map { seed in
        let run = StudyRun(cell: cell, seed: seed, configuration: configuration) { $0 }
        let isLost = cell == SampleStudy.cells[1] && seed == 3
        let state: StudyRunState = isLost && failing ? .failed(attack) : .finished
        return (run: run, state: state, directory: "runs/" + run.directoryName)
      }
    }
    let study = Study(
      name: "methods",
      budget: "full",
      cells: SampleStudy.cells,
      seeds: SampleStudy.seeds,
      target: .reference(cell: "FedIT"),
      settings: [StudySetting(key: "lora.rank", value: "32", label: .published)],
      runs: runs.map(\.run)
    )
    let curves = SampleStudy.cells.map { cell in
      StudyCurve(cell: cell, results: SampleStudy.results.filter { $0.cell == cell })
    }
    let table = SampleStudy.table(target: study.target)
    let ratios = StudyRatios(table, target: study.target, results: SampleStudy.results)
    return StudyPage(study: study, table: table, ratios: ratios, curves: curves, runs: runs).html
  }

  @Test("has table, three charts with bands, failures, labelled settings and links to the runs")
  func structure() {
    let page = Self.page()
    for part in [
      "<h1>methods</h1>", "budget full", "5 of 6 finished", "what FedIT ends at, 3.0000 ± 1.0000",
      "<h2>Results</h2>", "<h2>Beside FedIT</h2>", "<h2>Curves</h2>", "<h2>Failures</h2>",
      "<h2>Runs</h2>",
      "3.0000 ± 1.0000", "DevFT &amp; more", "<td class=\"left\">published</td>",
      "report.html\">report</a>", "log.txt\">log</a>", "Held-out loss by device time",
    ] {
      #expect(page.contains(part), "\(part)")
    }
    #expect(page.components(separatedBy: "<svg").count == 4)
    #expect(page.components(separatedBy: "class=\"band ").count == 7)
    #expect(page.components(separatedBy: "report.html\">report</a>").count == 6)
    #expect(!Self.page(failing: false).contains("<h2>Failures</h2>"))
  }

  @Test("stands alone, and runs no text of a run")
  func standsAlone() {
    let page = Self.page()
    for forbidden in ["http", "<script", "src=", "@import", "url(", "<link"] {
      #expect(!page.contains(forbidden), "\(forbidden)")
    }
  }

  @Test("the best mean of an achievement is marked, that of a cost is not")
  func best() {
    let page = Self.page()
    #expect(page.contains("<td class=\"best\">2.5000 ± 1.4142</td>"))
    #expect(!page.contains("<td class=\"best\">2.00 MB</td>"))
  }
}
