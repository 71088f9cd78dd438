import DevFTFederation
import DevFTRuntime
import DevFTTensor
import Foundation
import Synchronization

@testable import DevFTFlower

/// A client that greets well and answers each task in a way of its own, from a thread of the test.
final class BadClient: Sendable {
  /// How a task is answered.
  enum Answer: Sendable {
    /// The adapter that came, with one number replaced.
    case number(Float)
    /// The adapter without its last row.
    case shape
    /// An update of another round.
    case round(Int)
    /// Objects that are far larger than an adapter.
    case size
    /// A record of another name.
    case record
    /// An array that does not hold what it says.
    case truncated
    /// Nothing, and the task is never ended.
    case silence
    /// The adapter that came, after a time.
    case late(seconds: Double)
    /// An error with a text of several lines.
    case error(String)
  }

  private let api: RuntimeAPI
  private let index: Int
  private let answers: [Answer]
  private let isStopped = Mutex(false)

  /// Starts to take tasks of a SuperNode; the n-th answer is that of round n.
  init(address: String, index: Int, answers: [Answer]) throws {
    api = try RuntimeAPI(
      address: address,
      security: TransportSecurity(),
      patience: Patience(limit: .seconds(30))
    )
    self.index = index
    self.answers = answers
    Thread.detachNewThread { [self] in run() }
  }

  /// Takes no more tasks.
  func stop() { isStopped.withLock { $0 = true } }

  private func run() {
    while !isStopped.withLock({ $0 }) {
      if let token = try? api.acquireTask(type: "flwr-clientapp") { try? answer(token) }
      Thread.sleep(forTimeInterval: 0.2)
    }
  }

  private func answer(_ token: String) throws {
    let session = try TaskSession(token: token, api: api)
    guard let (message, tree) = try session.pull().first else { return }
    let objects = try session.objects(of: tree, limit: 1 << 30, patience: nil)
    try session.confirm(message.metadata.messageID)
    let records = try message.records(in: objects)
    var (content, error): (RecordSet?, Flwr_Proto_Error?)
    if message.metadata.messageType == MessageType.greeting {
      content = RecordSet(Greeting(number: index, exampleCount: 3))
    } else {
      let (task, _, format) = try records.task()
      switch answers[task.round - 1] {
      case .silence: return session.abandon()
      case .error(let text):
        var failure = Flwr_Proto_Error()
        (failure.code, failure.reason) = (2, text)
        error = failure
      case .late(let seconds):
        Thread.sleep(forTimeInterval: seconds)
        content = Self.content(.late(seconds: 0), task, format)
      case let answer: content = Self.content(answer, task, format)
      }
    }
    var bag = ObjectBag()
    let answer = try Flwr_Proto_Message(
      Flwr_Proto_Metadata(answerTo: message.metadata),
      content: content,
      error: error,
      in: &bag
    )
    _ = try session.push([answer], bag)
    try session.finish()
  }

  private static func content(
    _ answer: Answer,
    _ task: ClientTask,
    _ format: WireFormat
  ) -> RecordSet {
    let report = TrainingReport(exampleCount: 3, tokenCount: 9, stepCount: 1, loss: 1)
    var update = ClientUpdate(
      client: task.client,
      round: task.round,
      adapter: task.adapter,
      report: report
    )
    let name = task.adapter[0].names[0]
    let tensor = task.adapter[0][name] ?? Tensor(shape: [1])
    switch answer {
    case .number(let number): update.adapter[0][name]?.elements[0] = number
    case .shape:
      let rows = tensor.rowCount - 1
      update.adapter[0][name] = Tensor(
        shape: [rows, tensor.columnCount],
        elements: Array(tensor.elements.prefix(rows * tensor.columnCount))
      )
    case .round(let round): update.round = round
    case .size, .record, .truncated, .silence, .late, .error: break
    }
    var records = RecordSet(update, format)
    switch answer {
    case .size:
      records.arrays["devft.adapter"]?["more"] = WireArray(
        dtype: "float32",
        shape: [4 << 20],
        stype: "raw.le",
        data: Data(count: 16 << 20)
      )
    case .record: records.settings = ["other": [:]]
    case .truncated: records.arrays["devft.adapter"]?[name]?.data.removeLast()
    default: break
    }
    return records
  }
}
