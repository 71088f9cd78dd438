import Foundation
import Synchronization

/// Tells the other side every so often that a task is still worked on, from a thread of its own.
final class Heartbeat: Sendable {
  /// Half of the time after which a token runs out, and a margin.
  private static let interval = Duration.seconds(20)

  private let isStopped = Mutex(false)

  /// Starts to beat.
  ///
  /// - Parameters:
  ///   - api: Where the task was claimed.
  ///   - token: The task's token.
  init(api: RuntimeAPI, token: String) {
    Thread.detachNewThread { [weak self] in
      var next = ContinuousClock.now + Self.interval
      while let self, !self.isStopped.withLock({ $0 }) {
        Thread.sleep(for: .milliseconds(200))
        guard ContinuousClock.now >= next else { continue }
        next = ContinuousClock.now + Self.interval
        self.beat(api, token)
      }
    }
  }

  /// Ends the beating.
  func stop() { isStopped.withLock { $0 = true } }

  /// A beat that is lost does no harm; one that is refused means that the task is gone, which the
  /// task's own next call finds out.
  private func beat(_ api: RuntimeAPI, _ token: String) {
    do {
      let _: Flwr_Proto_SendTaskHeartbeatResponse = try api.call(
        "send-task-heartbeat",
        Flwr_Proto_SendTaskHeartbeatRequest(),
        token: token
      )
    } catch {
      if error.code == .stopped { stop() }
    }
  }
}
