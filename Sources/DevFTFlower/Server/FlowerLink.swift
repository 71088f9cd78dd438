import DevFTFederation
import DevFTRuntime
import DevFTTensor
import Foundation

/// A link whose clients are nodes of a Flower federation.
///
/// Tasks go out together; answers are taken in as they come. An answer that is late for its round is
/// handed to a later one, which uses it or refuses and counts it.
final class FlowerLink: ServerLink {
  /// How long rounds wait.
  struct Times: Sendable {
    /// Time of a round, from its tasks to its last answer; `nil`: until every client has answered or is
    /// gone.
    var deadline: Duration?
    /// Time that a round waits for the quorum to be connected, and one without deadline for all clients; with
    /// a deadline it waits a quarter of that for the rest.
    var patience = Duration.seconds(600)
    /// Time between two looks for answers.
    var pause = Duration.milliseconds(250)
  }

  private let session: TaskSession
  private let register: ClientRegister
  private let stage: RemoteStage
  private let times: Times
  private let supply: BaseSupply
  /// Tasks of earlier rounds that were not answered.
  private let late: LateTasks

  /// Lifetime of a message in a round without deadline, in seconds.
  private static let longTimeToLive = 86_400.0
  /// Lifetime of a message in deadlines, where late answers count: a machine does its tasks one after the
  /// other, and one that is never done in time must not fall behind for ever.
  private static let staleDeadlineCount = 4.0

  /// Creates the link of a stage.
  init(
    session: TaskSession,
    register: ClientRegister,
    stage: RemoteStage,
    supply: BaseSupply,
    late: LateTasks,
    times: Times = Times()
  ) {
    self.session = session
    self.register = register
    self.stage = stage
    self.supply = supply
    self.late = late
    self.times = times
  }

  var sendsDifferences: Bool { true }

  var baseByteCounts: [Int: Int] { supply.takeByteCounts() }

  func perform(_ tasks: [ClientTask]) throws -> [ClientOutcome] {
    try register.connect(
      Set(tasks.map(\.client)),
      atLeast: min(stage.configuration.federation.minClients, tasks.count),
      for: stage,
      grace: times.deadline.map { $0 / 4 } ?? times.patience,
      patience: times.patience
    )
    let unsupplied = try supply(tasks)
    // Nobody is late for having waited for others, or for what it was sent before its task.
    let end = times.deadline.map { ContinuousClock.now + $0 }
    let lost = Set(unsupplied.map(\.client))
    var (waiting, outcomes) = try send(tasks.filter { !lost.contains($0.client) })
    outcomes += unsupplied.map(ClientOutcome.failure)
    while !waiting.isEmpty, end.map({ ContinuousClock.now < $0 }) ?? true {
      outcomes += try collect(&waiting)
      if !waiting.isEmpty { Thread.sleep(for: times.pause) }
    }
    for task in waiting.values {
      outcomes.append(failure(task, "did not answer within \(times.deadline ?? .zero)"))
    }
    late.insert(waiting)
    return outcomes
  }

  /// Sends the stage's file to those that need it.
  private func supply(_ tasks: [ClientTask]) throws -> [ClientFailure] {
    let needy = tasks.compactMap { task in
      register.nodeWithoutBase(of: task.client).map { (task.client, $0) }
    }
    return try supply.supply(Dictionary(uniqueKeysWithValues: needy))
  }

  /// What became of a task that failed; a client without its stage's file is asked next time what it has.
  private func failure(_ task: ClientTask, _ reason: String) -> ClientOutcome {
    supply.forget(task.client)
    return .failure(ClientFailure(client: task.client, reason: reason))
  }

  /// Sends tasks; those of clients that are not there fail at once.
  private func send(
    _ tasks: [ClientTask]
  ) throws -> (waiting: [String: ClientTask], outcomes: [ClientOutcome]) {
    var (bag, messages, sent, outcomes) = (
      ObjectBag(), [Flwr_Proto_Message](), [ClientTask](), [ClientOutcome]()
    )
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
        timeToLive: timeToLive
      )
      var stage = stage
      if register.nodeWithoutBase(of: task.client) != nil { stage.baseSHA256 = supply.digest }
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

  /// Lifetime of a task, in seconds.
  private var timeToLive: Double {
    guard let deadline = times.deadline else { return Self.longTimeToLive }
    let count =
      stage.configuration.federation.stragglers == .stale ? Self.staleDeadlineCount : 1
    return count * (deadline / .seconds(1))
  }

  /// Takes in the answers that are there, of this round and of earlier ones.
  private func collect(_ waiting: inout [String: ClientTask]) throws -> [ClientOutcome] {
    var outcomes: [ClientOutcome] = []
    let ids = (Array(waiting.keys) + late.messages).sorted()
    for (message, tree) in try session.pull(answersTo: ids) {
      let id = message.metadata.replyToMessageID
      if let task = waiting.removeValue(forKey: id) {
        outcomes.append(try outcome(of: message, tree, for: task))
      } else if let task = late.remove(id),
        case .update(let update) = try outcome(of: message, tree, for: task)
      {
        // Of a late task that came to nothing was told when it was late.
        outcomes.append(.late(update, of: task))
      }
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
      let update = try records.update(
        from: task.client,
        layerCount: task.adapter.count,
        start: task.adapter
      )
      return .update(update)
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
