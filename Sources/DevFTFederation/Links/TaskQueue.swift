import Synchronization

/// Hands tasks to the workers and keeps what became of them.
final class TaskQueue: Sendable {
  private struct State {
    var nextIndex = 0
    var outcomes: [ClientOutcome?]
  }

  private let tasks: [ClientTask]
  private let state: Mutex<State>

  /// Queues tasks.
  init(_ tasks: [ClientTask]) {
    self.tasks = tasks
    state = Mutex(State(outcomes: Array(repeating: nil, count: tasks.count)))
  }

  /// The next task nobody has taken, with its index, or `nil` when all are taken.
  func next() -> (index: Int, task: ClientTask)? {
    state.withLock { state in
      guard state.nextIndex < tasks.count else { return nil }
      defer { state.nextIndex += 1 }
      return (state.nextIndex, tasks[state.nextIndex])
    }
  }

  /// Keeps the outcome of a task.
  func finish(_ index: Int, _ outcome: ClientOutcome) {
    state.withLock { $0.outcomes[index] = outcome }
  }

  /// The outcomes of the finished tasks, in the order of the tasks.
  var outcomes: [ClientOutcome] { state.withLock { $0.outcomes.compactMap(\.self) } }
}
