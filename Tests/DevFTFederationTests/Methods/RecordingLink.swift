import DevFTFederation
import Synchronization
import _DevFTTestSupport

/// A link that keeps the tasks it is given, over clients without a model.
final class RecordingLink: ServerLink {
  private let given = Mutex<[ClientTask]>([])

  /// The tasks so far.
  var tasks: [ClientTask] { given.withLock { $0 } }

  func perform(_ tasks: [ClientTask]) throws -> [ClientOutcome] {
    given.withLock { $0 += tasks }
    return InProcessLink(workerCount: 1, trainer: NoOpTrainer()).perform(tasks)
  }
}
