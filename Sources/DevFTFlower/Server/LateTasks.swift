import DevFTFederation
import Synchronization

/// Tasks of closed rounds that nobody has answered, by their messages: answers may still come, even in a later stage.
final class LateTasks: Sendable {
  private let tasks: Mutex<[String: ClientTask]> = Mutex([:])

  /// The messages that are still to be answered.
  var messages: [String] { tasks.withLock { Array($0.keys) } }

  /// Notes tasks whose round has closed.
  func insert(_ unanswered: [String: ClientTask]) {
    tasks.withLock { $0.merge(unanswered) { old, _ in old } }
  }

  /// Takes out the task of a message; `nil` when it is none of these.
  func remove(_ message: String) -> ClientTask? {
    tasks.withLock { $0.removeValue(forKey: message) }
  }
}
