import Dispatch
import Foundation

/// A link whose clients are threads of this process.
///
/// Each call starts its own threads and ends them: training is long and synchronous, so it must not
/// run on the cooperative pool, and a thread costs nothing beside it. Outcomes come in the order of
/// the tasks, so a result does not depend on the number of workers.
public struct InProcessLink: ServerLink {
  private let workerCount: Int
  private let trainer: any ClientTrainer
  private let workerSetUp: @Sendable (_ worker: Int) -> Void

  /// Creates a link.
  ///
  /// - Parameters:
  ///   - workerCount: Clients that train at the same time, at least 1.
  ///   - trainer: Trains them.
  ///   - workerSetUp: Called first on each worker's thread with the worker's number from 0, to say how
  ///     many threads its numeric code may use.
  public init(
    workerCount: Int,
    trainer: any ClientTrainer,
    workerSetUp: @escaping @Sendable (_ worker: Int) -> Void = { _ in }
  ) {
    precondition(workerCount >= 1, "number of workers \(workerCount) must be at least 1")
    self.workerCount = workerCount
    self.trainer = trainer
    self.workerSetUp = workerSetUp
  }

  /// Trains the clients and waits for all of them.
  ///
  /// - Parameter tasks: One task a client.
  /// - Returns: One outcome a task, in the order of the tasks.
  public func perform(_ tasks: [ClientTask]) -> [ClientOutcome] {
    let queue = TaskQueue(tasks)
    let running = DispatchGroup()
    for worker in 0..<min(workerCount, tasks.count) {
      running.enter()
      let thread = Thread { [trainer, workerSetUp] in
        workerSetUp(worker)
        while let (index, task) = queue.next() { queue.finish(index, outcome(of: task, trainer)) }
        running.leave()
      }
      // The default of some C libraries (128 KiB) is too little for numeric code.
      thread.stackSize = 8 << 20
      thread.start()
    }
    running.wait()
    return queue.outcomes
  }
}

/// Trains one client; whatever goes wrong becomes its outcome.
private func outcome(of task: ClientTask, _ trainer: any ClientTrainer) -> ClientOutcome {
  do {
    let update = try trainer.train(task)
    guard update.report.loss.isFinite else {
      let reason = "the training loss of round \(task.round) is not a finite number"
      return .failure(ClientFailure(client: task.client, reason: reason))
    }
    return .update(update)
  } catch {
    return .failure(ClientFailure(client: task.client, reason: "\(error)"))
  }
}
