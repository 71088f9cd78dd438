import DevFTFederation
import DevFTRuntime
import DevFTTensor
import Foundation
import Synchronization

/// A link whose clients are nodes of a Flower federation.
///
/// Tasks go out together; answers are taken in as they come. An answer that is late for its round is
/// still handed to a later one, which refuses and counts it.
final class FlowerLink: ServerLink {
  /// How long rounds wait.
  struct Times: Sendable {
    /// Time of a round, from its tasks to its last answer; `nil`: until every client has answered or is
    /// gone.
    var deadline: Duration?
    /// Time that a round without deadline waits for clients that are not connected.
    var patience = Duration.seconds(600)
    /// Time between two looks for answers.
    var pause = Duration.milliseconds(250)
  }

  private let session: TaskSession
  private let register: ClientRegister
  private let stage: RemoteStage
  private let times: Times
  /// Tasks of earlier rounds that were not answered, by their messages.
  private let late: Mutex<[String: ClientTask]> = Mutex([:])

  /// Lifetime of a message in a round without deadline, in seconds.
  private static let longTimeToLive = 86_400.0

  /// Creates the link of a stage.
  init(
    session: TaskSession,
    register: ClientRegister,
    stage: RemoteStage,
    times: Times = Times()
  ) {
    self.session = session
    self.register = register
    self.stage = stage
    self.times = times
  }

  func perform(_ tasks: [ClientTask]) throws -> [ClientOutcome] {
    let start = ContinuousClock.now
    let end = times.deadline.map { start + $0 }
    try register.connect(
      Set(tasks.map(\.client)),
      for: stage,
      until: end ?? start + times.patience
    )
    var (waiting, outcomes) = try send(tasks)
    while !waiting.isEmpty, end.map({ ContinuousClock.now < $0 }) ?? true {
      outcomes += try collect(&waiting)
      if !waiting.isEmpty { Thread.sleep(for: times.pause) }
    }
    for task in waiting.values {
      outcomes.append(failure(task, "did not answer within \(times.deadline ?? .zero)"))
    }
    let unanswered = waiting
    late.withLock { $0.merge(unanswered) { old, _ in old } }
    return outcomes
  }

  private func failure(_ task: ClientTask, _ reason: String) -> ClientOutcome {
    .failure(ClientFailure(client: task.client, reason: reason))
  }

  /// Sends tasks; those of clients that are not there fail at once.
  private func send(
    _ tasks: [ClientTask]
  ) throws -> (waiting: [String: ClientTask], outcomes: [ClientOutcome]) {
    var (bag, messages, sent, outcomes) = (
      ObjectBag(), [Flwr_Proto_Message](), [ClientTask](), [ClientOutcome]()
    )
    let lifetime = times.deadline.map { $0 / .seconds(1) } ?? Self.longTimeToLive
    for task in tasks {
      guard let node = register.node(of: task.client) else {
        outcomes.append(failure(task, "is not connected"))
        continue
      }
      let metadata = Flwr_Proto_Metadata(
        run: session.runID,
        to: node,
        type: MessageType.train,
        group: "\(task.round)",
        timeToLive: lifetime
      )
      let content = RecordSet(task, in: stage)
      messages.append(try Flwr_Proto_Message(metadata, content: content, in: &bag))
      sent.append(task)
    }
    // A message that is not taken, or was taken before a push that was tried again, is asked after all
    // the same: the other side answers for one that it does not have.
    if !messages.isEmpty { _ = try session.push(messages, bag) }
    let ids = messages.map(\.metadata.messageID)
    return (Dictionary(uniqueKeysWithValues: zip(ids, sent)), outcomes)
  }

  /// Takes in the answers that are there, of this round and of earlier ones.
  private func collect(_ waiting: inout [String: ClientTask]) throws -> [ClientOutcome] {
    let late = late.withLock { $0 }
    var outcomes: [ClientOutcome] = []
    let ids = (Array(waiting.keys) + late.keys).sorted()
    for (message, tree) in try session.pull(answersTo: ids) {
      let id = message.metadata.replyToMessageID
      let isLate = late[id] != nil
      guard let task = waiting.removeValue(forKey: id) ?? late[id] else { continue }
      _ = self.late.withLock { $0.removeValue(forKey: id) }
      let outcome = try outcome(of: message, tree, for: task)
      // That nothing came of a late task was told when it was late.
      if case .failure = outcome, isLate { continue }
      outcomes.append(outcome)
    }
    return outcomes
  }

  private func outcome(
    of message: Flwr_Proto_Message,
    _ tree: Flwr_Proto_ObjectTree,
    for task: ClientTask
  ) throws -> ClientOutcome {
    guard !message.hasError else { return failure(task, message.error.explanation) }
    do throws(FlowerError) {
      let bag = try session.objects(
        of: tree,
        limit: limit(of: task),
        patience: TaskSession.answerPatience
      )
      try session.confirm(message.metadata.messageID)
      let records = try message.records(in: bag)
      return .update(try records.update(from: task.client, layerCount: task.adapter.count))
    } catch {
      guard error.code != .stopped, error.code != .unreachable else { throw error }
      return failure(task, "sent an answer that does not count: \(error.message)")
    }
  }

  /// Most bytes of an answer: what was sent, in the widest numbers, and a megabyte.
  private func limit(of task: ClientTask) -> Int {
    task.adapter.reduce(0) { $0 + $1.parameterCount } * 4 + (1 << 20)
  }
}
