/// Shows how far a run is: a bar that is drawn over itself on a terminal, plain lines elsewhere.
///
/// On a terminal the line is drawn at most ten times a second; elsewhere a line is written when a
/// round has finished, though not within five seconds of the line before, and at the end. The owner
/// passes the time in, so that tests need no clock.
///
/// ```swift
/// var line = ProgressLine(isTerminal: isatty(2) == 1) { FileHandle.standardError.write(Data($0.utf8)) }
/// line.show(state, at: start.duration(to: clock.now))
/// line.finish(state, at: start.duration(to: clock.now))
/// ```
public struct ProgressLine {
  /// Shortest time between two drawings on a terminal.
  static let drawingPause = Duration.milliseconds(100)
  /// Shortest time between two lines elsewhere.
  static let linePause = Duration.seconds(5)

  private let isTerminal: Bool
  private let columnCount: Int
  private let write: (String) -> Void
  private var lastShown: Duration?
  private var lastRound = 0
  private var start: (elapsed: Duration, fraction: Double)?
  private var drawnLength = 0

  /// Prepares a line.
  ///
  /// - Parameters:
  ///   - isTerminal: Whether the text goes to a terminal.
  ///   - columnCount: Width of the terminal, at least 20; what does not fit is cut.
  ///   - write: Receives the text, control characters included.
  public init(isTerminal: Bool, columnCount: Int = 100, write: @escaping (String) -> Void) {
    self.isTerminal = isTerminal
    self.columnCount = max(20, columnCount)
    self.write = write
  }

  /// Shows a state unless the one before is too recent.
  ///
  /// - Parameters:
  ///   - state: How far the run is.
  ///   - elapsed: Time since the run, or its resumption, began.
  public mutating func show(_ state: ProgressState, at elapsed: Duration) {
    // A resumed run starts in the middle: the time left counts from there.
    if start == nil { start = (elapsed, state.fraction) }
    let pause = isTerminal ? Self.drawingPause : Self.linePause
    if let lastShown, elapsed - lastShown < pause { return }
    if isTerminal {
      draw(state, elapsed)
    } else if state.round > lastRound {
      write(text(state, elapsed) + "\n")
    } else {
      return
    }
    (lastShown, lastRound) = (elapsed, state.round)
  }

  /// Shows the last state and ends the line; another line may follow.
  ///
  /// - Parameters:
  ///   - state: How far the run came.
  ///   - elapsed: Time since the run, or its resumption, began.
  public mutating func finish(_ state: ProgressState, at elapsed: Duration) {
    if isTerminal {
      draw(state, elapsed)
      write("\n")
      drawnLength = 0
    } else if state.round > lastRound || lastShown == nil {
      write(text(state, elapsed) + "\n")
    }
    (lastShown, lastRound) = (elapsed, state.round)
  }

  /// Removes the bar, so that other output can be written; the next `show` draws it again.
  public mutating func clear() {
    guard isTerminal, drawnLength > 0 else { return }
    write("\r" + String(repeating: " ", count: drawnLength) + "\r")
    (drawnLength, lastShown) = (0, nil)
  }

  private mutating func draw(_ state: ProgressState, _ elapsed: Duration) {
    let line = String("\(Self.bar(state.fraction)) \(text(state, elapsed))".prefix(columnCount - 1))
    // Blanks wipe what a longer line before left behind.
    let blanks = String(repeating: " ", count: max(0, drawnLength - line.count))
    write("\r" + line + blanks)
    drawnLength = line.count
  }

  private func text(_ state: ProgressState, _ elapsed: Duration) -> String {
    let share = "\(Int(state.fraction * 100))%"
    let parts = [share, state.text, clockText(state, elapsed)]
    return parts.filter { !$0.isEmpty }.joined(separator: "  ")
  }

  private func clockText(_ state: ProgressState, _ elapsed: Duration) -> String {
    if state.fraction >= 1 { return "took \(DurationText.text(elapsed))" }
    guard let start, state.fraction > start.fraction else { return "" }
    let left = (1 - state.fraction) / (state.fraction - start.fraction)
    return "\(DurationText.text((elapsed - start.elapsed) * left)) left"
  }

  private static func bar(_ fraction: Double) -> String {
    let filled = Int((fraction * 20).rounded(.down))
    return "[" + String(repeating: "#", count: filled)
      + String(repeating: "-", count: 20 - filled) + "]"
  }
}
