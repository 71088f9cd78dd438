import DevFTRuntime
import Foundation

/// Shows a study on standard error: a line a job on a terminal, a line a start and an end elsewhere.
final class StudyDisplay {
  private let isTerminal: Bool
  private var drawnLines = 0
  private var lastDrawn = ContinuousClock.now - .seconds(1)

  init(isTerminal: Bool) { self.isTerminal = isTerminal }

  /// Takes in what happened.
  func show(_ event: StudyEvent) {
    switch event {
    case .found(let run): note("\(run.title): found the finished run")
    case .started(let run, let isResumed): note("\(run.title): \(isResumed ? "goes on" : "starts")")
    case .ended(let run, .failed(let message)): note("\(run.title): failed: \(message)")
    case .ended(let run, let state): note("\(run.title): \(state.word)")
    case .progress(let jobs, let waiting): draw(jobs, waiting: waiting)
    }
  }

  /// Writes a line that stays.
  func note(_ text: String) {
    clear()
    write(text + "\n")
  }

  /// Takes the jobs' lines away.
  func clear() {
    guard drawnLines > 0 else { return }
    // Up to the first of the lines, and everything below gone.
    write("\u{1B}[\(drawnLines)A\r\u{1B}[J")
    drawnLines = 0
  }

  private func draw(_ jobs: [StudyEvent.Job], waiting: Int) {
    let now = ContinuousClock.now
    guard isTerminal, now - lastDrawn > .milliseconds(250) else { return }
    lastDrawn = now
    var lines = jobs.map { "\($0.name)  \($0.line)" }
    if waiting > 0 { lines.append("\(waiting) waiting") }
    clear()
    write(lines.map { $0.prefix(99) + "\n" }.joined())
    drawnLines = lines.count
  }

  private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
