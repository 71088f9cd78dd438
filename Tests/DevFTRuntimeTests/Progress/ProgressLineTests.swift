import Testing

@testable import DevFTRuntime

@Suite("Progress line")
struct ProgressLineTests {
  /// Collects what is written.
  final class Paper { var text = "" }

  private func state(_ round: Int, of count: Int = 40) -> ProgressState {
    var state = ProgressState(roundCount: count)
    state.round = round
    state.stage = .init(index: 2, count: 4, capacity: 8)
    (state.loss, state.throughput, state.byteCount) = (1.23456, 2345.6, 12_300_000)
    return state
  }

  @Test("on a terminal the bar is drawn over itself, with everything in it")
  func terminal() {
    let paper = Paper()
    var line = ProgressLine(isTerminal: true, columnCount: 120) { paper.text += $0 }
    line.show(state(9), at: .seconds(60))
    line.show(state(10), at: .milliseconds(60_050))
    line.show(state(11), at: .seconds(64))
    let rest = "stage 2/4 (8 layers)  round 9/40  loss 1.235  2346 tok/s  12.3 MB"
    let next = "stage 2/4 (8 layers)  round 11/40  loss 1.235  2346 tok/s  12.3 MB  58.0 s left"
    #expect(
      paper.text == "\r[####----------------] 22%  \(rest)\r[#####---------------] 27%  \(next)"
    )
  }

  @Test("a shorter bar wipes the longer one before, and a long one is cut")
  func wiping() {
    let paper = Paper()
    var line = ProgressLine(isTerminal: true, columnCount: 40) { paper.text += $0 }
    line.show(state(9), at: .zero)
    #expect(paper.text.count == 40)
    paper.text = ""
    line.finish(ProgressState(roundCount: 1), at: .seconds(1))
    #expect(paper.text == "\r[--------------------] 0%  round 0/1   \n")
    paper.text = ""
    line.clear()
    #expect(paper.text.isEmpty)
    line.show(state(9), at: .seconds(2))
    paper.text = ""
    line.clear()
    #expect(paper.text == "\r" + String(repeating: " ", count: 39) + "\r")
  }

  @Test("elsewhere a finished round is a line, five seconds apart at least")
  func plain() {
    let paper = Paper()
    var line = ProgressLine(isTerminal: false) { paper.text += $0 }
    for second in 0..<20 {
      var state = ProgressState(roundCount: 10)
      state.round = second / 2
      line.show(state, at: .seconds(second))
    }
    line.finish(ProgressState.finished(rounds: 10), at: .seconds(20))
    #expect(
      paper.text == """
        10%  round 1/10  18.0 s left
        30%  round 3/10  16.3 s left
        60%  round 6/10  8.00 s left
        80%  round 8/10  4.25 s left
        100%  round 10/10  took 20.0 s

        """
    )
  }

  @Test("the time left of a resumed run counts from where it went on")
  func resumed() {
    let paper = Paper()
    var line = ProgressLine(isTerminal: false) { paper.text += $0 }
    line.show(state(20), at: .zero)
    paper.text = ""
    line.show(state(25), at: .seconds(10))
    #expect(paper.text.hasSuffix("30.0 s left\n"))
  }

  @Test(
    "numbers that are not finite do not stop it",
    arguments: [Double.nan, .infinity, -1, 1e300]
  )
  func strange(value: Double) {
    let paper = Paper()
    var line = ProgressLine(isTerminal: true) { paper.text += $0 }
    var state = state(1)
    (state.roundFraction, state.loss, state.throughput) = (value, value, value)
    line.show(state, at: .zero)
    line.finish(state, at: .seconds(3))
    #expect(!paper.text.contains("nan"))
  }
}

extension ProgressState {
  fileprivate static func finished(rounds: Int) -> ProgressState {
    var state = ProgressState(roundCount: rounds)
    state.round = rounds
    return state
  }
}
