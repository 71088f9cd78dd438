import DevFTFederation
import DevFTRuntime
import DevFTStages
import Foundation
import Synchronization

/// Shows a run on standard error: a bar on a terminal, plain lines elsewhere.
final class RunDisplay: Sendable {
  private struct State {
    var line: ProgressLine
    var progress = ProgressState(roundCount: 1)
    var tokens = 0
    var roundStart = ContinuousClock.now
  }

  private let state: Mutex<State>
  private let start = ContinuousClock.now

  init() {
    state = Mutex(State(line: Self.makeLine()))
  }

  private static func makeLine() -> ProgressLine {
    ProgressLine(isTerminal: isatty(2) == 1) { text in
      FileHandle.standardError.write(Data(text.utf8))
    }
  }

  /// Takes in what happened.
  func show(_ event: RunEvent) {
    state.withLock { state in
      update(&state, event)
      state.line.show(state.progress, at: ContinuousClock.now - start)
    }
  }

  /// Ends the line.
  func finish() {
    state.withLock { $0.line.finish($0.progress, at: ContinuousClock.now - start) }
  }

  private func update(_ state: inout State, _ event: RunEvent) {
    switch event {
    case .stage(let report, let stageCount, let rounds, let roundCount):
      let (loss, bytes) = (state.progress.loss, state.progress.byteCount)
      state.progress = ProgressState(roundCount: roundCount)
      state.progress.stage = ProgressState.Stage(
        index: report.stage,
        count: stageCount,
        capacity: report.capacity
      )
      state.progress.round = rounds.lowerBound - 1
      (state.progress.loss, state.progress.byteCount) = (loss, bytes)
    case .step(_, let loss, let tokens):
      state.tokens += tokens
      state.progress.loss = loss
      let seconds = (ContinuousClock.now - state.roundStart) / .seconds(1)
      if seconds > 0 { state.progress.throughput = Double(state.tokens) / seconds }
    case .round(let record):
      state.progress.round = record.round
      state.progress.loss = record.loss
      state.progress.byteCount += record.bytes.up + record.bytes.down
      (state.tokens, state.roundStart) = (0, ContinuousClock.now)
    case .loading, .evaluation, .finished:
      state.roundStart = ContinuousClock.now
    }
  }
}
