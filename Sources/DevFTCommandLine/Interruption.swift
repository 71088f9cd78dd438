import Foundation
import Synchronization

/// The wish of user or system that the program ends, as a signal tells it.
package enum Interruption {
  private static let received = Atomic<Int32>(0)

  /// Notes the signals that would end the program instead of ending it.
  ///
  /// Processes started later have their own, usual ways with signals.
  package static func watch() {
    // A parent may have left them blocked.
    var awaited = sigset_t()
    sigemptyset(&awaited)
    for number in [SIGINT, SIGTERM, SIGHUP] {
      signal(number) { Interruption.received.store($0, ordering: .relaxed) }
      sigaddset(&awaited, number)
    }
    pthread_sigmask(SIG_UNBLOCK, &awaited, nil)
  }

  /// Whether a signal has come.
  package static var hasCome: Bool { received.load(ordering: .relaxed) != 0 }

  /// The exit status that tells of the signal.
  package static var status: Int32 { 128 + received.load(ordering: .relaxed) }
}
