import DevFTFederation
import DevFTRuntime
import Foundation
import Synchronization

/// Sends the file of a stage to those clients that do not hold the base model.
///
/// A client is first asked what it has of the file, then sent what it lacks, part by part; what it has lasts over
/// rounds and restarts.
final class BaseSupply: Sendable {
  private struct State {
    var file: StageFile?
    /// Clients that are known to have the whole file.
    var supplied: Set<Int> = []
    /// Bytes sent to each client since somebody last asked.
    var byteCounts: [Int: Int] = [:]
  }

  private let session: TaskSession
  private let makeFile: @Sendable () throws -> StageFile
  private let notice: @Sendable (String) -> Void
  private let state = Mutex(State())

  /// Lifetime of a message, in seconds, and of the whole sending.
  private static let timeToLive = 3600.0
  private static let patience = Duration.seconds(600)
  private static let pause = Duration.milliseconds(100)
  private static let answerLimit = 1 << 20

  /// Describes the supply of a stage; the file is made when the first client asks for it.
  ///
  /// - Parameters:
  ///   - session: The server's task.
  ///   - notice: Shown lines.
  ///   - makeFile: Makes the stage's file.
  init(
    session: TaskSession,
    notice: @escaping @Sendable (String) -> Void,
    makeFile: @escaping @Sendable () throws -> StageFile
  ) {
    self.session = session
    self.notice = notice
    self.makeFile = makeFile
  }

  /// SHA-256 of the file, where anybody has been sent it.
  var digest: String { state.withLock { $0.file?.sha256 ?? "" } }

  /// Bytes sent to each client since the last call.
  func takeByteCounts() -> [Int: Int] {
    state.withLock { state in
      defer { state.byteCounts = [:] }
      return state.byteCounts
    }
  }

  /// Asks clients again what they have: something is wrong with them.
  func forget(_ client: Int) { state.withLock { _ = $0.supplied.remove(client) } }

  /// Sends the file to those that are not known to have it, all at once.
  ///
  /// - Parameter clients: Clients that hold no base model, with their nodes.
  /// - Returns: Those that could not be supplied, with the reason.
  /// - Throws: When the file cannot be made or the way to the federation breaks.
  func supply(_ clients: [Int: UInt64]) throws -> [ClientFailure] {
    let supplied = state.withLock { $0.supplied }
    let lacking = clients.filter { !supplied.contains($0.key) }
    guard !lacking.isEmpty else { return [] }
    let file = try file()
    var failures: [ClientFailure] = []
    var waiting = try send(lacking.mapValues { (node: $0, offset: 0) }, of: file, isOffer: true)
    let end = ContinuousClock.now + Self.patience
    while !waiting.isEmpty, ContinuousClock.now < end {
      var next: [Int: (node: UInt64, offset: Int)] = [:]
      for (message, tree) in try session.pull(answersTo: waiting.keys.sorted()) {
        guard let sent = waiting.removeValue(forKey: message.metadata.replyToMessageID) else {
          continue
        }
        do throws(FlowerError) {
          let stored = try stored(message, tree, of: file)
          // A part that leaves a client where it was would be sent for ever.
          guard stored > sent.offset || sent.isOffer else {
            throw FlowerError(
              .refused,
              "did not take the part of the stage's file from byte \(stored)"
            )
          }
          if stored < file.byteCount {
            next[sent.client] = (lacking[sent.client] ?? 0, stored)
          } else {
            state.withLock { _ = $0.supplied.insert(sent.client) }
          }
        } catch {
          guard error.code != .stopped, error.code != .unreachable else { throw error }
          failures.append(ClientFailure(client: sent.client, reason: error.message))
        }
      }
      waiting.merge(try send(next, of: file, isOffer: false)) { $1 }
      if !waiting.isEmpty { Thread.sleep(for: Self.pause) }
    }
    return failures
      + waiting.values.map {
        ClientFailure(client: $0.client, reason: "did not take the stage's file in time")
      }
  }

  /// What a message that was sent was about.
  private struct Sent {
    var client: Int
    var offset: Int
    var isOffer: Bool
  }

  private func file() throws -> StageFile {
    if let file = state.withLock({ $0.file }) { return file }
    let file = try makeFile()
    notice("stage's file: \(file.byteCount) bytes for clients without the base model")
    state.withLock { $0.file = file }
    return file
  }

  private func send(
    _ clients: [Int: (node: UInt64, offset: Int)],
    of file: StageFile,
    isOffer: Bool
  ) throws -> [String: Sent] {
    guard !clients.isEmpty else { return [:] }
    var (bag, messages, sent) = (ObjectBag(), [Flwr_Proto_Message](), [String: Sent]())
    for (client, place) in clients.sorted(by: { $0.key < $1.key }) {
      let bytes =
        isOffer ? Data() : try file.bytes(from: place.offset, count: BasePart.largestByteCount)
      let metadata = Flwr_Proto_Metadata(
        run: session.runID,
        to: place.node,
        type: MessageType.base,
        group: "base",
        timeToLive: Self.timeToLive
      )
      let part = BasePart(
        sha256: file.sha256,
        byteCount: file.byteCount,
        offset: place.offset,
        bytes: bytes
      )
      let message = try Flwr_Proto_Message(metadata, content: RecordSet(part), in: &bag)
      messages.append(message)
      sent[message.metadata.messageID] = Sent(
        client: client,
        offset: place.offset,
        isOffer: isOffer
      )
      state.withLock { $0.byteCounts[client, default: 0] += bytes.count }
    }
    _ = try session.push(messages, bag)
    return sent
  }

  /// The bytes that a client says it has.
  private func stored(
    _ message: Flwr_Proto_Message,
    _ tree: Flwr_Proto_ObjectTree,
    of file: StageFile
  ) throws(FlowerError) -> Int {
    guard !message.hasError else { throw FlowerError(.refused, message.error.explanation) }
    let bag = try session.objects(
      of: tree,
      limit: Self.answerLimit,
      patience: TaskSession.answerPatience
    )
    try session.confirm(message.metadata.messageID)
    return try message.records(in: bag).storedByteCount(of: file.byteCount)
  }
}
