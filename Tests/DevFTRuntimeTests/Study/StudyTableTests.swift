import Testing

@testable import DevFTRuntime

@Suite("A study's table")
struct StudyTableTests {
  @Test("mean and sample deviation")
  func statistic() {
    #expect(Statistic([]) == nil)
    #expect(Statistic([3])?.mean == 3 && Statistic([3])?.deviation == nil)
    let some = Statistic([2, 4, 4, 4, 5, 5, 7, 9])
    #expect(some?.mean == 5)
    #expect(abs((some?.deviation ?? 0) - (32.0 / 7).squareRoot()) < 1e-12)
    #expect(Statistic([2, 3, 4])?.deviation == 1)
  }

  @Test("final and best losses of the runs that have finished")
  func losses() {
    let table = SampleStudy.table()
    #expect(table.rows.map(\.finished) == [3, 2] && table.rows.map(\.runs) == [3, 3])
    #expect(table.rows[0].values[.finalLoss]?.statistic?.mean == 3)
    #expect(table.rows[0].values[.finalLoss]?.statistic?.deviation == 1)
    #expect(table.rows[0].values[.bestLoss]?.statistic?.mean == (2 + 2.5 + 3.5) / 3)
    #expect(table.rows[1].values[.finalLoss]?.statistic?.mean == 2.5)
    #expect(table.measures.contains(.secondsToTarget) == false)
    #expect(table.measures.contains(.exactMatch) == false)
  }

  @Test("to a given target: the first measurement at least as good, or not reached")
  func target() {
    let table = SampleStudy.table(target: .loss(3))
    let seconds = table.rows.map { $0.values[.secondsToTarget] }
    // FedIT: seeds 1 and 2 in round 1, seed 3 never.
    #expect(seconds[0]?.statistic == Statistic([10, 10]))
    #expect(seconds[0]?.count == 2 && seconds[0]?.possible == 3)
    #expect(seconds[1]?.statistic == Statistic([10]) && seconds[1]?.possible == 2)
    #expect(table.rows[0].values[.bytesToTarget]?.statistic?.mean == 2_000_000)
    #expect(table.text(table.rows[0], .secondsToTarget) == "10.0 ± 0.0 s (2 of 3)")
    let hard = SampleStudy.table(target: .loss(1))
    #expect(hard.text(hard.rows[0], .bytesToTarget) == "not reached")
    #expect(hard.measures.contains(.bytesToTarget))
  }

  @Test("to a reference: each seed has the loss of the reference's run of that seed")
  func reference() {
    let table = SampleStudy.table(target: .reference(cell: SampleStudy.cells[0]))
    #expect(table.targets == [1: 2, 2: 3, 3: 4])
    // The reference is at its own final loss in rounds 2, 1 and 0.
    #expect(table.rows[0].values[.secondsToTarget]?.statistic == Statistic([20, 10, 0]))
    // The other one reaches 2 in round 1, and never 3.
    #expect(table.rows[1].values[.secondsToTarget]?.statistic == Statistic([10]))
    #expect(table.text(table.rows[1], .secondsToTarget) == "10.0 s (1 of 2)")
    let lost = SampleStudy.table(target: .reference(cell: "none"))
    #expect(lost.targets.isEmpty)
    #expect(lost.text(lost.rows[0], .secondsToTarget) == "–")
  }

  @Test("texts in one unit")
  func texts() throws {
    let table = SampleStudy.table()
    #expect(table.text(table.rows[0], .finalLoss) == "3.0000 ± 1.0000")
    #expect(table.text(table.rows[0], .bytesUp) == "2.00 MB")
    #expect(table.text(table.rows[0], .peakMemory) == "500 MB")
    #expect(table.text(table.rows[0], .deviceSeconds) == "20.0 ± 0.0 s")
    #expect(table.text(table.rows[0], .exactMatch) == "–")
    let quantity = StudyMeasure.Quantity.self
    #expect(quantity.seconds.text(try #require(Statistic([600, 660]))) == "10.5 ± 0.7 min")
    #expect(quantity.bytes.text(try #require(Statistic([1e9, 1.1e9]))) == "1.05 ± 0.07 GB")
    #expect(quantity.bytes.text(try #require(Statistic([146_432, 146_439]))) == "146 kB")
    #expect(quantity.share.text(try #require(Statistic([0.5, 0.6]))) == "55.0 ± 7.1 %")
  }

  @Test("files for people, spreadsheets and papers")
  func files() throws {
    let table = SampleStudy.table(target: .loss(3))
    let markdown = table.texts.markdown.split(separator: "\n")
    #expect(markdown.count == 4 && markdown[0].hasPrefix("| cell | seeds | final loss |"))
    #expect(markdown[3].hasPrefix("| DevFT & more | 2 of 3 | 2.5000 ± 1.4142 |"))
    let csv = table.csv.split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    #expect(csv.count == 3 && Set(csv.map(\.count)) == [3 + 3 * StudyMeasure.allCases.count])
    #expect(
      csv[0].prefix(6) == [
        "cell", "seeds", "finished", "final_loss_mean", "final_loss_deviation", "final_loss_runs",
      ]
    )
    #expect(csv[1].prefix(6) == ["FedIT", "3", "3", "3.0", "1.0", "3"])
    let latex = table.latex
    #expect(latex.contains(#"DevFT \& more & 2 of 3 & 2.5000 $\pm$ 1.4142"#))
    #expect(latex.hasPrefix("\\begin{tabular}{lr") && latex.hasSuffix("\\end{tabular}\n"))
    let quoted = StudyTable(cells: ["a, \"b\""], seeds: [1], target: nil, results: [])
    #expect(quoted.csv.contains("\n\"a, \"\"b\"\"\",1,0,"))
  }

  @Test("curves: means and ranges where all runs of the cell measured")
  func curves() {
    let runs = SampleStudy.results.filter { $0.cell == "FedIT" }
    let curve = StudyCurve(cell: "FedIT", results: runs)
    #expect(curve.points.map(\.round) == [0, 1, 2])
    #expect(curve.points[1].loss == 3 && curve.points[1].range == 2.5...3.5)
    #expect(curve.points[2].bytes == 4_000_000 && curve.points[2].seconds == 20)
    let uneven = runs + [SampleStudy.result("FedIT", seed: 4, losses: [4])]
    #expect(StudyCurve(cell: "FedIT", results: uneven).points.map(\.round) == [0])
    #expect(StudyCurve(cell: "FedIT", results: []).points.isEmpty)
  }
}
