import DevFTFederation
package import DevFTRuntime
import DevFTStages
import Foundation
import Synchronization

/// Shows a run on standard error: a bar on a terminal, plain lines elsewhere.
package final class RunDisplay: Sendable {
  private struct State {
    var line: ProgressLine
    var progress = ProgressState(roundCount: 1)
    var stepsPerRound: Int?
    var steps = 0
    var targets = 0
    var roundStart = ContinuousClock.now

    mutating func startRound() {
      (steps, targets, roundStart) = (0, 0, ContinuousClock.now)
      progress.roundFraction = 0
    }

    mutating func countStep(loss: Double, targets: Int) {
      steps += 1
      self.targets += targets
      progress.loss = loss
      if let stepsPerRound { progress.roundFraction = Double(steps) / Double(stepsPerRound) }
      let seconds = (ContinuousClock.now - roundStart) / .seconds(1)
      if seconds > 0 { progress.throughput = Double(self.targets) / seconds }
    }
  }

  private let state: Mutex<State>
  private let start = ContinuousClock.now

  /// Starts with nothing shown.
  package init() {
    state = Mutex(State(line: Self.makeLine()))
  }

  private static func makeLine() -> ProgressLine {
    ProgressLine(isTerminal: isatty(2) == 1) { text in
      FileHandle.standardError.write(Data(text.utf8))
    }
  }

  /// Takes in what happened.
  package func show(_ event: RunEvent) {
    if case .loading = event { return }
    state.withLock { state in
      update(&state, event)
      state.line.show(state.progress, at: ContinuousClock.now - start)
    }
  }

  /// Ends the line with the last state.
  package func finish() {
    state.withLock { $0.line.finish($0.progress, at: ContinuousClock.now - start) }
  }

  /// Takes the line away, so that an error has its own.
  package func clear() { state.withLock { $0.line.clear() } }

  private func update(_ state: inout State, _ event: RunEvent) {
    switch event {
    case .stage(let stage):
      state.progress = ProgressState(roundCount: stage.roundCount)
      state.progress.stage = ProgressState.Stage(
        index: stage.report.stage,
        count: stage.stageCount,
        capacity: stage.report.capacity
      )
      state.progress.round = stage.finishedRounds
      state.progress.byteCount = stage.byteCount
      state.stepsPerRound = stage.stepsPerRound
      state.startRound()
    case .step(let loss, let targets):
      state.countStep(loss: loss, targets: targets)
    case .round(let record):
      state.progress.round = record.round
      state.progress.loss = record.loss
      state.progress.byteCount += record.bytes.up + record.bytes.down
      warn(&state, record)
      state.startRound()
    case .loading, .evaluation, .finished:
      state.startRound()
    }
  }

  /// One line for each update that did not count.
  private func warn(_ state: inout State, _ record: RoundRecord) {
    let lost = record.rejected + record.failed
    guard !lost.isEmpty else { return }
    state.line.clear()
    for reason in lost {
      FileHandle.standardError.write(Data("round \(record.round): \(reason)\n".utf8))
    }
  }
}
