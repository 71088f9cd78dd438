import DevFTFederation
import DevFTRuntime
import Foundation

/// A client of federated runs over Flower: a ClientApp that stays alive from round to round.
///
/// It waits for tasks of its SuperNode and does them one after the other; model and submodel stay
/// loaded as long as the tasks are of one stage.
public final class FederationClient {
  private let api: RuntimeAPI
  private let site: any TaskSite
  private let notice: (String) -> Void

  /// Time between two looks for a task.
  private static let pause = Duration.milliseconds(250)
  /// Time within which a task whose answer cannot be delivered is given up.
  private static let patience = Duration.seconds(120)
  /// Most bytes of a task.
  private static let taskLimit = 4 << 30

  /// Describes a client; nothing is sent yet.
  ///
  /// - Parameters:
  ///   - address: URL of the SuperNode's Runtime API.
  ///   - security: How the way there is kept safe.
  ///   - site: What does the tasks.
  ///   - notice: Shown lines about tasks.
  /// - Throws: `FlowerError` with code `invalidSetting`.
  public init(
    address: String,
    security: TransportSecurity,
    site: any TaskSite,
    notice: @escaping (String) -> Void
  ) throws {
    api = try RuntimeAPI(
      address: address,
      security: security,
      patience: Patience(limit: Self.patience)
    )
    self.site = site
    self.notice = notice
  }

  /// Does tasks until it is told to end.
  ///
  /// - Parameter isStopped: Asked between tasks, several times a second.
  /// - Throws: `FlowerError` with code `untrusted` or `refused` when the SuperNode does not let it in.
  public func run(until isStopped: () -> Bool) throws {
    var isAway = false
    while !isStopped() {
      do throws(FlowerError) {
        let token = try api.acquireTask(type: "flwr-clientapp")
        if isAway { notice("connected") }
        isAway = false
        if let token {
          try perform(token)
          continue
        }
      } catch {
        // A task that was stopped or lost concerns this client no more; the next one may come.
        guard [.unreachable, .stopped, .malformed].contains(error.code) else { throw error }
        if error.code != .unreachable || !isAway { notice(error.message) }
        isAway = error.code == .unreachable
      }
      Thread.sleep(for: isAway ? .seconds(1) : Self.pause)
    }
  }

  /// Does one task: one message and its answer.
  private func perform(_ token: String) throws(FlowerError) {
    let session = try TaskSession(token: token, api: api)
    do throws(FlowerError) {
      guard let (message, tree) = try session.pull().first else {
        return try session.finish(failure: "a task without a message")
      }
      let failure = try answer(message, tree, session)
      try session.finish(failure: failure)
    } catch {
      session.abandon()
      throw error
    }
  }

  /// Answers a message.
  ///
  /// - Returns: Why there was nothing else to answer than an error, or `nil`.
  private func answer(
    _ message: Flwr_Proto_Message,
    _ tree: Flwr_Proto_ObjectTree,
    _ session: TaskSession
  ) throws(FlowerError) -> String? {
    let metadata = Flwr_Proto_Metadata(answerTo: message.metadata)
    var (bag, failure): (ObjectBag, String?) = (ObjectBag(), nil)
    do {
      let objects = try session.objects(of: tree, limit: Self.taskLimit, patience: nil)
      try session.confirm(message.metadata.messageID)
      let content = try content(
        for: message.metadata.messageType,
        try message.records(in: objects),
        session
      )
      try push(Flwr_Proto_Message(metadata, content: content, in: &bag), bag, session)
    } catch let error as FlowerError where [.stopped, .unreachable].contains(error.code) {
      throw error
    } catch let error as FlowerError where error.code == .incomplete {
      // Its sender died while it sent, and the SuperNode has given it up. It takes one answer for each message
      // that came whole: an answer to this one would stand in the way of the next.
      notice("task dropped: \(error.message)")
      return error.message.excerpt
    } catch {
      failure = "\(error)".excerpt
    }
    guard let failure else { return nil }
    notice("task failed: \(failure)")
    try pushError(failure, metadata, session)
    return failure
  }

  private func content(
    for type: String,
    _ records: RecordSet,
    _ session: TaskSession
  ) throws -> RecordSet {
    if type == MessageType.base { return try takeBase(try records.basePart()) }
    switch type.split(separator: ".").first.map(String.init) {
    case MessageType.greeting:
      try site.prepare(for: try records.stage())
      let number = session.nodeSettings["partition-id"].flatMap { Int($0) }
      return RecordSet(
        Greeting(number: number, exampleCount: site.exampleCount, needsBase: site.needsBase)
      )
    case MessageType.train:
      let (task, stage, format) = try records.task { try site.reference(for: $0) }
      notice("stage \(stage.number), round \(task.round): training")
      let update = try site.train(task, in: stage)
      return RecordSet(update, format, from: task.adapter)
    default:
      throw FlowerError(
        .unsupported,
        "expected a message of type train or query, got \(type.excerpt)"
      )
    }
  }

  private func takeBase(_ part: BasePart) throws -> RecordSet {
    let stored = try site.takeBase(
      part.bytes,
      at: part.offset,
      of: part.sha256,
      byteCount: part.byteCount
    )
    if !part.bytes.isEmpty {
      notice("stage's file: \(stored) of \(part.byteCount) bytes")
    }
    return RecordSet(storedByteCount: stored)
  }

  /// Without an answer of some kind the other side would wait until the message dies.
  private func pushError(
    _ reason: String,
    _ metadata: Flwr_Proto_Metadata,
    _ session: TaskSession
  ) throws(FlowerError) {
    var bag = ObjectBag()
    let message: Flwr_Proto_Message
    do {
      message = try Flwr_Proto_Message(
        metadata,
        content: nil,
        error: Flwr_Proto_Error(reason: reason),
        in: &bag
      )
    } catch {
      throw FlowerError(.malformed, "an error cannot be encoded: \("\(error)".excerpt)")
    }
    try push(message, bag, session)
  }

  private func push(
    _ message: Flwr_Proto_Message,
    _ bag: ObjectBag,
    _ session: TaskSession
  ) throws(FlowerError) {
    guard try session.push([message], bag) != [""] else {
      throw FlowerError(.refused, "push-messages: the answer was not taken")
    }
  }
}
