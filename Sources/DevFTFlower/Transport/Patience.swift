import Foundation

/// How long and how often something that may pass is tried again.
struct Patience: Sendable {
  /// Time from the first failure after which it counts as lasting.
  var limit: Duration
  /// First pause; each later one is twice as long, up to `longestPause`.
  var firstPause = Duration.milliseconds(100)
  /// Longest pause.
  var longestPause = Duration.seconds(5)

  /// Runs something, again and again as long as the other side cannot be reached.
  ///
  /// - Parameter body: What to run.
  /// - Returns: Its result.
  /// - Throws: The last failure when time is up, and every other failure at once.
  func trying<Result>(_ body: () throws(FlowerError) -> Result) throws(FlowerError) -> Result {
    let start = ContinuousClock.now
    var pause = firstPause
    while true {
      do {
        return try body()
      } catch {
        guard error.code == .unreachable, ContinuousClock.now - start < limit else { throw error }
      }
      // Callers that failed together should not come back together.
      Thread.sleep(for: pause * Double.random(in: 0.5...1))
      pause = min(pause * 2, longestPause)
    }
  }
}

extension Thread {
  /// Blocks this thread for a time.
  static func sleep(for duration: Duration) { sleep(forTimeInterval: duration / .seconds(1)) }
}
